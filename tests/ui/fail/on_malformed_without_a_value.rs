use polyfn::function;

#[function(object = "uploads", on_malformed)]
fn thumbnail(_: polyfn::Object) {}

fn main() {}
