use polyfn::function;

#[function(prefix = "photos/")]
fn hello() {}

fn main() {}
