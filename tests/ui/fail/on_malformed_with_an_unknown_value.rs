use polyfn::function;

#[function(queue = "orders", on_malformed = "ignore")]
fn fulfil(_: String) {}

fn main() {}
