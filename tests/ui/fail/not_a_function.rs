use polyfn::function;

#[function]
struct Hello;

fn main() {}
