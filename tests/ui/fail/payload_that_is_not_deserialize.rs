use polyfn::function;

struct Order;

#[function(direct)]
fn hello(order: Order) -> u8 {
    1
}

fn main() {}
