use polyfn::function;

#[function(name = "my function")]
fn hello() {}

fn main() {}
