use polyfn::function;

#[function(http = "GET /files/*")]
fn hello() {}

fn main() {}
