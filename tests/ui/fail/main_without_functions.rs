polyfn::main!();
