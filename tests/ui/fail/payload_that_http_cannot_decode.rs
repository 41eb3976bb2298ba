use polyfn::function;

struct Order;

#[function(http)]
async fn hello(_: Order) -> String {
    String::new()
}

fn main() {}
