use polyfn::function;

#[function(queue = "orders", colour = "red")]
fn hello() {}

fn main() {}
