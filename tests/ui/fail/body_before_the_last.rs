use polyfn::function;

#[function(http)]
fn hello(order: polyfn::Json<u8>, cx: polyfn::Context) {}

fn main() {}
