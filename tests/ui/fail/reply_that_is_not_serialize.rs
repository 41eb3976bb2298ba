use polyfn::function;

struct Order;

#[function(direct)]
fn hello() -> Order {
    Order
}

fn main() {}
