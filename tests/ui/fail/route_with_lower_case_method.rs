use polyfn::function;

#[function(http = "get /hello")]
fn hello() {}

fn main() {}
