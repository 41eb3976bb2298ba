use polyfn::function;

#[function(schedule = "0 5 1 * MON")]
fn nightly() {}

fn main() {}
