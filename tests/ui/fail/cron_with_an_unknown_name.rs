use polyfn::function;

#[function(schedule = "0 5 * * FUN")]
fn hello() {}

fn main() {}
