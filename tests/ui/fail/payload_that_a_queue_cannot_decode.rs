use polyfn::function;

struct Order;

#[function(queue = "orders")]
fn hello(_: Order) {}

fn main() {}
