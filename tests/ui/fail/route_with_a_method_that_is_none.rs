use polyfn::function;

#[function(http = "G@T /hello")]
fn hello() {}

fn main() {}
