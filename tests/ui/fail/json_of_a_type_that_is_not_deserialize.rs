use polyfn::function;

struct Order;

#[function(http)]
fn hello(order: polyfn::Json<Order>) -> String {
    String::new()
}

fn main() {}
