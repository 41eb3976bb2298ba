use polyfn::function;

struct Order;

#[function(http)]
async fn hello() -> Result<Order, polyfn::Error> {
    Ok(Order)
}

fn main() {}
