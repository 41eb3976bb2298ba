use polyfn::function;

#[function(http = "GET /a//b")]
fn hello() {}

fn main() {}
