use polyfn::function;

#[function(http = "GET /a%20b")]
fn hello() {}

fn main() {}
