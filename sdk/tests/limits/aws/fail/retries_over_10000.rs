use polyfn::function;

#[function(stream = "clicks", retries = 10_001)]
fn count(_: String) {}

fn main() {}
