use polyfn::function;

#[function]
fn hello(#[cfg(all())] _: String) {}

fn main() {}
