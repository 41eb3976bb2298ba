use polyfn::function;

#[function(change = "orders", ordered)]
fn changed(_: polyfn::Change<u8>) {}

fn main() {}
