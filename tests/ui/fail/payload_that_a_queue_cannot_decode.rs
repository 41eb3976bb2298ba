use polyfn::function;

struct Order;

#[function(queue = "orders")]
fn hello(order: Order) {}

fn main() {}
