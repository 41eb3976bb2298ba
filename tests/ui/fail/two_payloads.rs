use polyfn::function;

#[function(queue = "orders")]
fn hello(order: String, other: polyfn::Json<u8>) {}

fn main() {}
