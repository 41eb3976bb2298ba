struct Hello;

polyfn::main!(Hello);
