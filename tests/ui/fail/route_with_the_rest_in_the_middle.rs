use polyfn::function;

#[function(http = "GET /{*rest}/end")]
fn hello() {}

fn main() {}
