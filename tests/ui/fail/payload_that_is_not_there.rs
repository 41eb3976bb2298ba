use polyfn::function;

#[function(http)]
async fn hello(_: Missing) {}

fn main() {}
