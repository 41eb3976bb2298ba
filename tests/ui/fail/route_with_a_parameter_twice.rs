use polyfn::function;

#[function(http = "GET /{a}/{a}")]
fn hello() {}

fn main() {}
