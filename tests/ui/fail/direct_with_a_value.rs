use polyfn::function;

#[function(direct = "hello")]
fn hello() {}

fn main() {}
