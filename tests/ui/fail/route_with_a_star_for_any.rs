use polyfn::function;

#[function(http = "* /hello")]
fn hello() {}

fn main() {}
