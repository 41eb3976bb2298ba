use polyfn::function;

struct Order;

#[function(http)]
async fn hello() -> Order {
    Order
}

fn main() {}
