//! The crate has another name, and its own name is another crate.

mod outer {
    pub use ::polyfn as inner;
}
use outer::inner::{function, functions};
#[allow(unused_imports, reason = "it only stands in the way")]
use std as polyfn;

#[function(http = "GET /", crate = outer::inner)]
async fn hello() -> String {
    String::new()
}

#[function(crate = outer::inner)]
fn add(n: u8) -> u8 {
    n
}

mod program {
    use super::{add, hello, outer};

    outer::inner::main!(hello, add; crate = outer::inner);
}

fn main() {
    assert_eq!(functions![hello, add; crate = outer::inner].iter().len(), 2);
}
