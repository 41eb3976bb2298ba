use polyfn::function;

#[function(object = "uploads", on = [])]
fn hello() {}

fn main() {}
