use polyfn::function;

#[function(http,, public)]
fn hello() {}

fn main() {}
