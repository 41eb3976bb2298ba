use polyfn::function;

struct Order;

#[function(http)]
async fn hello() -> Result<String, Order> {
    Err(Order)
}

fn main() {}
