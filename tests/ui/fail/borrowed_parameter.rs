use polyfn::function;

#[function]
fn hello(_: &str) {}

fn main() {}
