use polyfn::function;

#[function(schedule = "0 18-8 * * *")]
fn hello() {}

fn main() {}
