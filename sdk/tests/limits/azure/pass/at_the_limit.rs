use polyfn::function;

#[function(queue = "orders", batch = 20_000, ordered, timeout = "2000m")]
fn fulfil(_: String) {}

#[function(event = "paid", retries = 29)]
fn paid(_: polyfn::CloudEvent<String>) {}

#[function(schedule = "0 5 * * MON")]
fn weekly() {}

#[function(object = "uploads", on = ["restored", "deleted"])]
fn gone(_: polyfn::Object) {}

fn main() {}
