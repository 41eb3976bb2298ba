use polyfn::function;

#[function(http)]
async fn hello() -> Missing {
    1
}

fn main() {}
