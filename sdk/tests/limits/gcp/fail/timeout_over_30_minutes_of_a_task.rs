use polyfn::function;

#[function(queue = "orders", timeout = "31m")]
fn fulfil(_: String) {}

fn main() {}
