use super::received::Received;
use crate::{Event, Provider, Trigger, event::Queue};

/// Whether Cloud Tasks sent it.
pub(super) fn is(delivery: Received<'_>) -> bool {
    ["x-cloudtasks-queuename", "x-cloudtasks-taskname"].iter().all(|name| delivery.parts.headers.contains_key(*name))
}

/// A task as a message of its queue.
///
/// Source: <https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler>.
pub(super) fn decode(delivery: Received<'_>) -> Event {
    let queue = Queue { name: delivery.header("x-cloudtasks-queuename").map(str::to_owned), ..Queue::default() };
    let retries = delivery.header("x-cloudtasks-taskretrycount").and_then(|count| count.parse::<u32>().ok());
    Event::new(Provider::Gcp, Trigger::Queue(queue))
        .with_id(delivery.header("x-cloudtasks-taskname").unwrap_or_default())
        .with_attempt(retries.unwrap_or(0).saturating_add(1))
        .with_data(delivery.body.clone(), delivery.header("content-type"))
        .with_raw(delivery.body.clone())
}
