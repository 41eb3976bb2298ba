use polyfn::function;

#[function]
fn hello(_: impl Into<String>) {}

fn main() {}
