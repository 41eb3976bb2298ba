use polyfn::function;

#[function(object = "uploads", on = "create")]
fn hello() {}

fn main() {}
