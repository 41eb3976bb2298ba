use polyfn::function;

#[function(queue = "orders", batch = 10_000, ordered, timeout = "15m")]
fn fulfil(_: String) {}

#[function(queue = "orders.fifo", batch = 10)]
fn fulfil_in_order(_: String) {}

#[function(stream = "clicks", retries = 10_000)]
fn count(_: String) {}

#[function(schedule = "0 5 * * MON")]
fn weekly() {}

#[function(schedule = "0 5 1 * *")]
fn monthly() {}

#[function(object = "uploads", on = ["archived", "restored", "updated"])]
fn moved(_: polyfn::Object) {}

fn main() {}
