use polyfn::function;

#[function(http = "GET /{name}.json")]
fn hello() {}

fn main() {}
