use polyfn::function;

#[function(colour)]
fn hello() {}

polyfn::main!(hello);
