use polyfn::function;

#[function]
fn hello(&self) {}

fn main() {}
