use polyfn::function;

#[function(queue = "orders")]
fn hello(order: String) -> u8 {
    1
}

fn main() {}
