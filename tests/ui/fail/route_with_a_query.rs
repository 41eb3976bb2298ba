use polyfn::function;

#[function(http = "GET /hello?name=x")]
fn hello() {}

fn main() {}
