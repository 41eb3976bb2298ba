use polyfn::function;

#[function(http = "get /hello", public = true, colour)]
fn hello<T>(_: &str) {}

fn main() {}
