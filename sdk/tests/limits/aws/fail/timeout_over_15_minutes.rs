use polyfn::function;

#[function(topic = "orders", timeout = "16m")]
fn fulfil(_: String) {}

fn main() {}
