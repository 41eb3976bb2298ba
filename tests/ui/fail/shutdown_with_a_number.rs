use polyfn::function;

#[function]
fn hello() {}

async fn close(_: u8) {}

polyfn::main!(hello; shutdown = close);
