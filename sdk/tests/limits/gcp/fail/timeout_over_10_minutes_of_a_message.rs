use polyfn::function;

#[function(topic = "orders", timeout = "11m")]
fn fulfil(_: String) {}

fn main() {}
