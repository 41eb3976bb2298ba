use polyfn::{Context, Event, Json, function, functions};

#[function(queue = "orders", concurrency = 2, ordered, batch = 10, retries = 3, timeout = "30s")]
async fn queue(_: Json<u8>, _: Context) {}

#[function(topic = "orders")]
async fn topic(_: String) {}

#[function(object = "uploads", on = ["created", "deleted"], prefix = "a/", suffix = ".png")]
async fn object(_: Event) {}

#[function(schedule = "0 5 * * MON-FRI")]
fn schedule() {}

#[function(change = "orders")]
async fn change(_: Event, _: Context) -> Result<(), polyfn::Error> {
    Ok(())
}

#[function(stream = "clicks")]
fn stream(_: Event) {}

#[function(event = "order.*", source = "shop")]
fn event(_: Event) {}

fn main() {
    let list = functions![queue, topic, object, schedule, change, stream, event];
    let kinds: Vec<_> = list.iter().map(|f| f.binding.kind().as_str()).collect();
    assert_eq!(kinds, ["queue", "topic", "object", "schedule", "change", "stream", "event"]);
}
