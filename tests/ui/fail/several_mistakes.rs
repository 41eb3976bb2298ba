use polyfn::function;

#[function(http = "get /hello", public = true, colour)]
fn hello<T>(name: &str) {}

fn main() {}
