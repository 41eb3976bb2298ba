use polyfn::function;

struct Order;

#[function(http)]
async fn hello(order: Order) -> String {
    String::new()
}

fn main() {}
