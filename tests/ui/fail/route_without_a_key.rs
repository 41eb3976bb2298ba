use polyfn::function;

#[function("GET /hello")]
fn hello() {}

fn main() {}
