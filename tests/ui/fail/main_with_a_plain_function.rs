fn hello() {}

polyfn::main!(hello);
