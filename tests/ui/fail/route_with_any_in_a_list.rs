use polyfn::function;

#[function(http = "ANY|GET /hello")]
fn hello() {}

fn main() {}
