use polyfn::function;

#[function]
fn hello() {}

polyfn::main!(hello; colour = red);
