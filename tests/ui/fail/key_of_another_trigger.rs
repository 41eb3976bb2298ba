use polyfn::function;

#[function(queue = "orders", public)]
fn hello() {}

fn main() {}
