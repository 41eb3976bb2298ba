use polyfn::function;

#[function(schedule = "60 5 * * *")]
fn hello() {}

fn main() {}
