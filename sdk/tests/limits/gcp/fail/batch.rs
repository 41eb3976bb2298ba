use polyfn::function;

#[function(queue = "orders", batch = 2)]
fn fulfil(_: String) {}

fn main() {}
