use polyfn::function;

mod hello {}

#[function]
fn hello() {}

fn main() {}
