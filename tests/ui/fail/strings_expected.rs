use polyfn::function;

#[function(object = "uploads", on = [created])]
fn hello() {}

fn main() {}
