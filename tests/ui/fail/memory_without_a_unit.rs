use polyfn::function;

#[function(http = "GET /", memory = "512")]
fn home() {}

polyfn::main!(home);
