use polyfn::function;

#[function(http = "POST /", on_malformed = "drop")]
fn hello(_: String) {}

fn main() {}
