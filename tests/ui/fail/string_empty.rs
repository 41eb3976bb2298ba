use polyfn::function;

#[function(queue = "")]
fn hello() {}

fn main() {}
