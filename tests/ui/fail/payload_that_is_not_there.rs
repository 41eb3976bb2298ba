use polyfn::function;

#[function(http)]
async fn hello(order: Missing) {}

fn main() {}
