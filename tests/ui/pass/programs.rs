//! What `main!` takes; none of them is run here.

use polyfn::{Error, State, function};

#[function]
async fn count(n: u32, _db: State<u8>) -> u32 {
    n
}

async fn connect() -> Result<u8, Error> {
    Ok(1)
}

fn plain() -> u8 {
    1
}

async fn close(_: State<u8>) {}

async fn leave() {}

mod full {
    polyfn::main!(super::count; init = super::connect, shutdown = super::close,);
}

mod sync {
    polyfn::main!(super::count; init = super::plain, shutdown = super::leave);
}

mod closures {
    polyfn::main!(super::count; init = || async { 3_u8 }, shutdown = || async {});
}

mod alone {
    polyfn::main!(super::count);
}

fn main() {}
