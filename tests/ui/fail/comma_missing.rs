use polyfn::function;

#[function(http = "GET /hello" public)]
fn hello() {}

fn main() {}
