use polyfn::function;

#[function(get = "/hello")]
fn hello() {}

fn main() {}
