use polyfn::function;

#[function(queue = "orders", batch = "ten")]
fn hello() {}

fn main() {}
