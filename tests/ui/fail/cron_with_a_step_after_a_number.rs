use polyfn::function;

#[function(schedule = "5/10 * * * *")]
fn hello() {}

fn main() {}
