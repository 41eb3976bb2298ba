use polyfn::function;

#[function(event = "paid", retries = 30)]
fn paid(_: polyfn::CloudEvent<String>) {}

fn main() {}
