use polyfn::function;

#[function(http)]
async fn hello() -> String {
    1
}

fn main() {}
