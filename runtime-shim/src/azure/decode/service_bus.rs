//! `serviceBusTrigger`: messages of a queue, or of a topic's subscription.
//!
//! Source: [Azure Service Bus trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#message-metadata).

use super::{
    delivery::{Delivery, attributed},
    storage_queue::attempt,
};
use crate::{
    DecodeError, Event, Trigger,
    event::{Queue, Topic},
};

const FACTS: &[&str] = &[
    "MessageId",
    "DeliveryCount",
    "EnqueuedTimeUtc",
    "ContentType",
    "SequenceNumber",
    "SessionId",
    "Subject",
    "Label",
    "ApplicationProperties",
    "UserProperties",
];

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let (values, facts) = delivery.messages(FACTS)?;
    let binding = delivery.binding();
    let entity = binding.topic_name.as_ref().or(binding.queue_name.as_ref());
    let namespace = facts.shared("Client").and_then(|client| client.member("FullyQualifiedNamespace")?.string());
    let source = match (namespace, entity) {
        (Some(namespace), Some(entity)) => format!("sb://{namespace}/{entity}"),
        (None, entity) => entity.cloned().unwrap_or_default(),
        (Some(namespace), None) => format!("sb://{namespace}"),
    };
    let event = |(index, value): (usize, super::value::Value)| {
        let text = |name: &str| facts.get(index, name).and_then(|fact| fact.text());
        let trigger = match &binding.topic_name {
            Some(name) => Trigger::Topic(Topic {
                name: Some(name.clone()),
                // Label is the older name, and tells the same.
                subject: text("Subject").or_else(|| text("Label")),
                ordering_key: text("SessionId"),
            }),
            None => Trigger::Queue(Queue {
                name: binding.queue_name.clone(),
                group: text("SessionId"),
                sequence: text("SequenceNumber"),
            }),
        };
        let properties = |name: &str| facts.get(index, name).and_then(|fact| fact.attributes());
        let event = delivery
            .event(trigger, index, text("MessageId"))
            .with_source(source.clone())
            .with_attempt(attempt(facts.get(index, "DeliveryCount")))
            .with_time(facts.get(index, "EnqueuedTimeUtc").and_then(|time| time.time()))
            .with_data(value.into_bytes(), text("ContentType").as_deref());
        attributed(event, properties("ApplicationProperties").or_else(|| properties("UserProperties")).unwrap_or_default())
    };
    Ok(values.into_iter().enumerate().map(event).collect())
}
