polyfn::main!("hello");
