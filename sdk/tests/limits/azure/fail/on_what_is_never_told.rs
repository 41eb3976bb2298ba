use polyfn::function;

#[function(object = "uploads", on = ["archived", "restored"])]
fn thumbnail(_: polyfn::Object) {}

fn main() {}
