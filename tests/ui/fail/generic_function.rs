use polyfn::function;

#[function]
fn hello<T: Default>() -> u8 {
    0
}

fn main() {}
