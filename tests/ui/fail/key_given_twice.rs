use polyfn::function;

#[function(http, public, public)]
fn hello() {}

fn main() {}
