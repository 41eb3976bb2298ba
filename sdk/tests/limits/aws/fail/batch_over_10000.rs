use polyfn::function;

#[function(queue = "orders", batch = 10_001)]
fn fulfil(_: String) {}

fn main() {}
