use polyfn::function;

#[function(object = "uploads", on = ["created", "created"])]
fn hello() {}

fn main() {}
