use polyfn::function;

#[function(queue = "orders", batch = 0)]
fn hello() {}

fn main() {}
