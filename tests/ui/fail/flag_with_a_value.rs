use polyfn::function;

#[function(http, public = true)]
fn hello() {}

fn main() {}
