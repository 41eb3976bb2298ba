use polyfn::function;

#[function]
fn hello(name: &str) {}

fn main() {}
