polyfn::main!(hello);
