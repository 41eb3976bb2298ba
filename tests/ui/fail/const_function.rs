use polyfn::function;

#[function]
const fn hello() {}

fn main() {}
