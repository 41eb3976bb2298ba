use polyfn::function;

#[function(queue = "orders")]
fn hello(_: String, _: polyfn::Json<u8>) {}

fn main() {}
