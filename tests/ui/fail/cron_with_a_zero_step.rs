use polyfn::function;

#[function(schedule = "*/0 * * * *")]
fn hello() {}

fn main() {}
