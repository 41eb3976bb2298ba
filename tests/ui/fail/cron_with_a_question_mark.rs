use polyfn::function;

#[function(schedule = "0 5 ? * MON")]
fn hello() {}

fn main() {}
