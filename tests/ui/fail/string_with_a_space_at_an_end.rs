use polyfn::function;

#[function(queue = "orders ")]
fn hello() {}

fn main() {}
