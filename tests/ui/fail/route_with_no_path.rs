use polyfn::function;

#[function(http = "GET")]
fn hello() {}

fn main() {}
