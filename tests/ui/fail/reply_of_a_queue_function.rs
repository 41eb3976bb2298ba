use polyfn::function;

#[function(queue = "orders")]
fn hello(_: String) -> u8 {
    1
}

fn main() {}
