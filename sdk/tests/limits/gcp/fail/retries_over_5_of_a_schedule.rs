use polyfn::function;

#[function(schedule = "0 5 * * *", retries = 6)]
fn nightly() {}

fn main() {}
