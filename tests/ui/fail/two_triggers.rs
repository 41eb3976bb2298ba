use polyfn::function;

#[function(http, queue = "orders")]
fn hello() {}

fn main() {}
