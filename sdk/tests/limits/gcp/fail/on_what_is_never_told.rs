use polyfn::function;

#[function(object = "uploads", on = ["restored"])]
fn thumbnail(_: polyfn::Object) {}

fn main() {}
