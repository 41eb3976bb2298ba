use polyfn::function;

#[function(http)]
fn hello(_: String, _: polyfn::Json<u8>) {}

fn main() {}
