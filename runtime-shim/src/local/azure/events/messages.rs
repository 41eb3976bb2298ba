//! Messages that come one by one or many at once.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    Refused, Told,
    fact::{Fact, Facts, properties, write},
    value::{is_binary, text, written},
};
use crate::{
    Event, Trigger,
    azure::{Cardinality, Declaration, TriggerType},
};

pub(super) fn told(events: &[Event], function: &Declaration) -> Result<Told, Refused> {
    let binding = function.bindings().trigger();
    let many = binding.cardinality == Some(Cardinality::Many);
    let mut metadata = Map::new();
    let mut values = Vec::with_capacity(events.len());
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        let data = event.data().map(|data| data.to_vec()).unwrap_or_default();
        let (value, own) = match (function.bindings().trigger_type(), event.trigger()) {
            (TriggerType::ServiceBus, Trigger::Queue(_) | Trigger::Topic(_)) => (data, service_bus(event)),
            (TriggerType::EventHub, Trigger::Stream(stream)) => {
                if stream.sequence.as_ref().is_some_and(|sequence| sequence.parse::<u64>().is_err()) {
                    return Err(Refused("a sequence number of Event Hubs is a whole number of 64 bits".to_owned()));
                }
                (data, event_hub(event))
            }
            (TriggerType::Kafka, Trigger::Stream(_)) if is_binary(binding) => (data, kafka(event)),
            (TriggerType::Kafka, Trigger::Stream(_)) => (envelope(event, text(&data)?).into_bytes(), Vec::new()),
            (ty, trigger) => return Err(Refused(format!("a {ty} sends no {} event", trigger.kind()))),
        };
        values.push(value);
        facts.push(own);
    }
    write(&mut metadata, &facts, many);
    if let Some(event) = events.first() {
        shared(event, &mut metadata);
    }
    let borrowed: Vec<_> = values.iter().map(Vec::as_slice).collect();
    let value = written(&borrowed, binding)?;
    let leak = match borrowed.as_slice() {
        [one] if !many && !is_binary(binding) => Some(text(one)?.to_owned()),
        _ => None,
    };
    Ok(Told { value, metadata, leak })
}

/// What all messages of a delivery share.
fn shared(event: &Event, metadata: &mut Map<String, Value>) {
    let namespace = event.source().strip_prefix("sb://").and_then(|rest| rest.split('/').next());
    match event.trigger() {
        Trigger::Queue(_) | Trigger::Topic(_) => {
            metadata.insert("Client".to_owned(), json!({"FullyQualifiedNamespace": namespace}));
            metadata.insert("MessageActions".to_owned(), json!({}));
        }
        Trigger::Stream(stream) if namespace.is_some() => {
            let context = json!({"FullyQualifiedNamespace": namespace, "EventHubName": stream.name,
                "ConsumerGroup": "$Default", "PartitionId": stream.partition});
            metadata.insert("PartitionContext".to_owned(), context);
        }
        _ => {}
    }
}

fn service_bus(event: &Event) -> Facts {
    let (session, sequence, subject) = match event.trigger() {
        Trigger::Queue(queue) => (queue.group.clone(), queue.sequence.clone(), None),
        Trigger::Topic(topic) => (topic.ordering_key.clone(), None, topic.subject.clone()),
        _ => (None, None, None),
    };
    vec![
        ("DeliveryCount", Fact::Number(event.attempt().to_string())),
        ("EnqueuedTimeUtc", Fact::Date(event.time())),
        ("MessageId", Fact::Text(Some(event.id().to_owned()))),
        ("ContentType", Fact::Text(event.datacontenttype().map(str::to_owned))),
        ("SequenceNumber", Fact::Number(sequence.unwrap_or_else(|| "0".to_owned()))),
        ("Subject", Fact::Text(subject.clone())),
        ("Label", Fact::Text(subject)),
        ("SessionId", Fact::Text(session)),
        ("ApplicationProperties", properties(event.attributes())),
        ("UserProperties", properties(event.attributes())),
    ]
}

fn event_hub(event: &Event) -> Facts {
    let Trigger::Stream(stream) = event.trigger() else { return Vec::new() };
    let sequence = stream.sequence.clone().unwrap_or_else(|| "0".to_owned());
    // The system properties are an object, whose dates keep their fraction.
    let time = event.time().map(|time| time.to_string().trim_end_matches('Z').to_owned());
    let number: Value = serde_json::from_str(&sequence).unwrap_or_default();
    let system = json!({"SequenceNumber": number, "PartitionKey": stream.partition_key, "EnqueuedTimeUtc": time});
    vec![
        ("PartitionKey", Fact::Text(stream.partition_key.clone())),
        ("SequenceNumber", Fact::Number(sequence)),
        ("EnqueuedTimeUtc", Fact::Date(event.time())),
        ("Properties", properties(event.attributes())),
        ("SystemProperties", Fact::Object(system)),
    ]
}

fn headers(event: &Event) -> Value {
    let header = |(name, value): &(String, String)| json!({"Key": name, "Value": STANDARD.encode(value)});
    event.attributes().iter().map(header).collect()
}

fn kafka(event: &Event) -> Facts {
    let Trigger::Stream(stream) = event.trigger() else { return Vec::new() };
    let number = |text: &Option<String>| Fact::Number(text.clone().unwrap_or_else(|| "0".to_owned()));
    vec![
        ("Topic", Fact::Text(stream.name.clone())),
        ("Partition", number(&stream.partition)),
        ("Offset", number(&stream.sequence)),
        ("Key", Fact::Text(stream.partition_key.clone())),
        ("Timestamp", Fact::Date(event.time())),
        ("Headers", Fact::Object(headers(event))),
    ]
}

/// The record with its facts, as the text that the extension makes of it.
fn envelope(event: &Event, value: &str) -> String {
    let Trigger::Stream(stream) = event.trigger() else { return String::new() };
    let number = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json!({
        "Offset": number(&stream.sequence), "Partition": number(&stream.partition), "Topic": stream.name,
        "Timestamp": event.time().map(|time| time.to_string()), "Value": value, "Key": stream.partition_key, "Headers": headers(event),
    })
    .to_string()
}
