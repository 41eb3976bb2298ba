use polyfn::function;

struct Shop;

impl Shop {
    #[function]
    fn hello() {}
}

fn main() {}
