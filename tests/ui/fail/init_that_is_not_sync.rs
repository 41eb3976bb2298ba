use polyfn::function;

#[function]
fn hello() {}

fn connect() -> std::cell::Cell<u8> {
    std::cell::Cell::new(1)
}

polyfn::main!(hello; init = connect);
