use polyfn::function;

struct Order;

#[function(http)]
fn hello(_: polyfn::Json<Order>) -> String {
    String::new()
}

fn main() {}
