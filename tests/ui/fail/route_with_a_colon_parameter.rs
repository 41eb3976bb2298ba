use polyfn::function;

#[function(http = "GET /hello/:name")]
fn hello() {}

fn main() {}
