//! `eventHubTrigger`: events of a hub's partition.
//!
//! Source: [Azure Event Hubs trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata).

use super::{
    delivery::{Delivery, attributed},
    fact::Fact,
    value::Value,
};
use crate::{DecodeError, Event, Trigger, event::Stream};

const FACTS: &[&str] = &["SystemProperties", "SequenceNumber", "PartitionKey", "EnqueuedTimeUtc", "Properties"];

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let (values, facts) = delivery.messages(FACTS)?;
    let partition = facts.shared("PartitionContext");
    let context = |name: &str| partition.as_ref().and_then(|context| context.member(name)?.text());
    let hub = delivery.binding().event_hub_name.clone().or_else(|| context("EventHubName"));
    let partition = context("PartitionId");
    let name = hub.as_deref().unwrap_or_default();
    let source = context("FullyQualifiedNamespace").map_or_else(|| name.to_owned(), |ns| format!("sb://{ns}/{name}"));
    let event = |(index, value): (usize, Value)| {
        let system = facts.get(index, "SystemProperties");
        // The system properties keep the fraction of a second, and messages hardly ever write over them.
        let either = |name: &str, usable: fn(&Fact<'_>) -> bool| {
            let inside = system.as_ref().and_then(|system| system.member(name)).filter(usable);
            inside.map(Fact::into_owned).or_else(|| facts.get(index, name).map(Fact::into_owned))
        };
        let text = |name: &str| either(name, |fact| fact.text().is_some()).and_then(|fact| fact.text());
        let sequence = text("SequenceNumber");
        let id = match (&hub, &partition, &sequence) {
            (Some(hub), Some(partition), Some(sequence)) => Some(format!("{hub}/{partition}/{sequence}")),
            _ => None,
        };
        let stream = Stream { name: hub.clone(), partition: partition.clone(), partition_key: text("PartitionKey"), sequence };
        let event = delivery
            .event(Trigger::Stream(stream), index, id)
            .with_source(source.clone())
            .with_attempt(facts.attempt())
            .with_time(either("EnqueuedTimeUtc", |fact| fact.time().is_some()).and_then(|fact| fact.time()))
            .with_data(value.into_bytes(), None);
        attributed(event, facts.get(index, "Properties").and_then(|fact| fact.attributes()).unwrap_or_default())
    };
    Ok(values.into_iter().enumerate().map(event).collect())
}
