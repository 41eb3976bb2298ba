use polyfn::function;

#[function]
fn hello() {}

struct Broken;

fn connect() -> Result<u8, Broken> {
    Err(Broken)
}

polyfn::main!(hello; init = connect);
