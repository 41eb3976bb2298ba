use polyfn::function;

#[function(http("GET /hello"))]
fn hello() {}

fn main() {}
