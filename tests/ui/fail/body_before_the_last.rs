use polyfn::function;

#[function(http)]
fn hello(_: polyfn::Json<u8>, _: polyfn::Context) {}

fn main() {}
