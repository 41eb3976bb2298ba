//! `kafkaTrigger`: records of a partition.
//!
//! As text a record is an envelope with all its facts; as bytes it is the bare value, and the facts are in Metadata.
//!
//! Source: [Apache Kafka trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger).

use bytes::Bytes;

use super::{
    delivery::{Delivery, attributed},
    fact::Fact,
    facts::Facts,
    members::Members,
    value::Value,
};
use crate::{DecodeError, Event, Trigger, base64, event::Stream, unescape::unescape};

const FACTS: &[&str] = &["Topic", "Partition", "Offset", "Key", "Timestamp", "Headers"];

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let values = Value::read(delivery.value, delivery.binding())?;
    let binary = values.iter().any(|value| matches!(value, Value::Bytes(_)));
    // An envelope leaks its members into Metadata, and has them all itself.
    let facts = match values.first().and_then(Value::text) {
        Some(text) if !delivery.is_many() => Facts::of_one(&delivery.metadata, Some(text)),
        _ if delivery.is_many() && binary => Facts::of_many(&delivery.metadata, FACTS, values.len())?,
        _ => Facts::of_one(&delivery.metadata, None),
    };
    values.into_iter().enumerate().map(|(index, value)| record(delivery, &facts, index, value)).collect()
}

fn record(delivery: &Delivery<'_>, facts: &Facts<'_>, index: usize, value: Value) -> Result<Event, DecodeError> {
    let text = match value {
        Value::Bytes(data) => {
            return Ok(event(delivery, facts, index, data, |name| facts.get(index, name).map(Fact::into_owned)));
        }
        Value::Text(text) => text,
    };
    // Without a dataType an element of a batch is the JSON text of the text.
    let text = std::str::from_utf8(&text).unwrap_or_default();
    let text = if text.starts_with('"') { unescape(text).unwrap_or_default() } else { text.into() };
    let envelope = Members::read(&text).ok_or_else(|| {
        let place = if delivery.is_many() { format!("[{index}]") } else { String::new() };
        DecodeError::at(
            format!("Data.{}{place}", delivery.binding().name),
            "expected the text of an object with the record (dataType string)",
        )
    })?;
    let fact = |name: &str| envelope.get(name).filter(|json| *json != "null").map(|json| Fact::plain(json).into_owned());
    let data = fact("Value").map(|value| value.to_text()).unwrap_or_default();
    Ok(event(delivery, facts, index, data.into(), fact))
}

fn event(
    delivery: &Delivery<'_>,
    facts: &Facts<'_>,
    index: usize,
    data: Bytes,
    fact: impl Fn(&str) -> Option<Fact<'static>>,
) -> Event {
    let text = |name: &str| fact(name).and_then(|fact| fact.text());
    let name = text("Topic").or_else(|| delivery.binding().topic.clone());
    let (partition, sequence) = (text("Partition"), text("Offset"));
    let id = match (&name, &partition, &sequence) {
        (Some(name), Some(partition), Some(sequence)) => Some(format!("{name}/{partition}/{sequence}")),
        _ => None,
    };
    let source = name.clone().unwrap_or_default();
    let headers = fact("Headers").and_then(|headers| headers.elements()).unwrap_or_default();
    let event = delivery
        .event(Trigger::Stream(Stream { name, partition, partition_key: text("Key"), sequence }), index, id)
        .with_source(source)
        .with_attempt(facts.attempt())
        .with_time(fact("Timestamp").and_then(|time| time.time()))
        .with_data(data, None);
    attributed(event, headers.iter().filter_map(header).collect())
}

/// A header whose value is text.
fn header(header: &Fact<'static>) -> Option<(String, String)> {
    let value = base64::decode(header.member("Value")?.string()?).ok()?;
    Some((header.member("Key")?.text()?, String::from_utf8(value).ok()?))
}
