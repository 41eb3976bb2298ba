use polyfn::function;

#[function(colour = "red")]
fn hello() {}

fn main() {}
