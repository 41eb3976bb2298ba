use polyfn::function;

#[function(http = "GET|GET /hello")]
fn hello() {}

fn main() {}
