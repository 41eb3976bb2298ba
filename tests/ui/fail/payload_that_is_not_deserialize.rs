use polyfn::function;

struct Order;

#[function(direct)]
fn hello(_: Order) -> u8 {
    1
}

fn main() {}
