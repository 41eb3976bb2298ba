use polyfn::function;

#[function]
fn hello(text: impl Into<String>) {}

fn main() {}
