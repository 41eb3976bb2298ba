use polyfn::function;

#[function(crate = "my_polyfn")]
fn hello() {}

fn main() {}
