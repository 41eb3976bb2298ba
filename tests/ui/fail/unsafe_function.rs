use polyfn::function;

#[function]
unsafe fn hello() {}

fn main() {}
