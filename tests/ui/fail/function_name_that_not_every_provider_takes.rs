use polyfn::function;

#[function]
fn naïve() {}

fn main() {}
