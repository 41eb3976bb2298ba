use polyfn::function;

#[function(http)]
fn hello(order: String, other: polyfn::Json<u8>) {}

fn main() {}
