use polyfn::function;

#[function(queue = "orders.fifo", batch = 11)]
fn fulfil(_: String) {}

fn main() {}
