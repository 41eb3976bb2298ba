use polyfn::function;

#[function(schedule = "0 5 * *")]
fn hello() {}

fn main() {}
