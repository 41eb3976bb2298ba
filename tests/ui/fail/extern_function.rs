use polyfn::function;

#[function]
extern "C" fn hello() {}

fn main() {}
