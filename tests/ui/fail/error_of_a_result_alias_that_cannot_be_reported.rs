use polyfn::function;

struct Order;

type Answer = Result<String, Order>;

#[function(http)]
async fn hello() -> Answer {
    Err(Order)
}

fn main() {}
