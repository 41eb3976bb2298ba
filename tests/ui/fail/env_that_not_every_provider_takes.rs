use polyfn::function;

#[function(http = "GET /", env = ["TABLE", "api-key"], secrets = ["KEY", "KEY"])]
fn home() {}

polyfn::main!(home);
