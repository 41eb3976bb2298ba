use polyfn::function;

#[function(queue = "orders", timeout = "30")]
fn hello() {}

fn main() {}
