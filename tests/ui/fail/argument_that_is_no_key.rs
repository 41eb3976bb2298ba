use polyfn::function;

#[function(http, 3)]
fn hello() {}

fn main() {}
