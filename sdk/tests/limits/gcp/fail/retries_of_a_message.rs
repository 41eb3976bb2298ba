use polyfn::function;

#[function(topic = "orders", retries = 3)]
fn fulfil(_: String) {}

fn main() {}
