use polyfn::function;

#[function(schedule = "@daily")]
fn hello() {}

fn main() {}
