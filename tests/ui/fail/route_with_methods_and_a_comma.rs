use polyfn::function;

#[function(http = "GET, POST /hello")]
fn hello() {}

fn main() {}
