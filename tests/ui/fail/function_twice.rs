use polyfn::function;

#[function(http)]
#[function(queue = "orders")]
fn hello() {}

fn main() {}
