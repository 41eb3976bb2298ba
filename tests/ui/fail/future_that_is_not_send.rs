use std::rc::Rc;

use polyfn::function;

#[function(http)]
async fn hello() -> String {
    let name = Rc::new(1);
    pause().await;
    name.to_string()
}

async fn pause() {}

fn main() {}
