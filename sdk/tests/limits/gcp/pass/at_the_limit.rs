use polyfn::function;

#[function(queue = "orders", batch = 1, retries = 3, timeout = "30m")]
fn fulfil(_: String) {}

#[function(topic = "orders", ordered, retries = 4, timeout = "10m")]
fn tell(_: String) {}

#[function(schedule = "0 5 1 * MON", retries = 5)]
fn nightly() {}

#[function(object = "uploads", on = ["restored", "created"])]
fn thumbnail(_: polyfn::Object) {}

#[function(object = "uploads", retries = 0)]
fn tried_once(_: polyfn::Object) {}

fn main() {}
