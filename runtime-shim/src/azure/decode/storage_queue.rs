//! `queueTrigger`: one message of a Storage queue.
//!
//! Source: [Azure Queue storage trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata).

use super::{delivery::Delivery, fact::Fact, facts::Facts, value::Value};
use crate::{DecodeError, Event, Trigger, event::Queue};

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let value = Value::one(delivery.value, delivery.binding())?;
    let facts = Facts::of_one(&delivery.metadata, value.text());
    let name = delivery.binding().queue_name.clone();
    let source = name.clone().unwrap_or_default();
    let id = facts.get(0, "Id").and_then(|id| id.text());
    let event = delivery
        .event(Trigger::Queue(Queue { name, ..Queue::default() }), 0, id)
        .with_source(source)
        .with_attempt(attempt(facts.get(0, "DequeueCount")))
        .with_time(facts.get(0, "InsertionTime").and_then(|time| time.time()))
        .with_data(value.into_bytes(), None);
    Ok(vec![event])
}

/// A count of deliveries that begins with 1; what cannot be one is the first.
pub(super) fn attempt(count: Option<Fact<'_>>) -> u32 {
    count.and_then(|count| u32::try_from(count.count()?).ok()).unwrap_or(1).max(1)
}
