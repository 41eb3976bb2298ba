use polyfn::function;

#[function]
fn hello(#[cfg(all())] name: String) {}

fn main() {}
