use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{Event, Trigger, event::Stream};

/// The time as a JSON number of seconds, with its digits.
pub(super) fn seconds(event: &Event) -> String {
    let Some(time) = event.time() else { return "null".to_owned() };
    let text = time.to_string();
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction.trim_end_matches('Z'));
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{}{dot}{fraction}", time.as_millis().div_euclid(1_000))
}

fn streams(events: &[Event]) -> impl Iterator<Item = (&Event, &Stream)> {
    events.iter().filter_map(|event| match event.trigger() {
        Trigger::Stream(stream) => Some((event, stream)),
        _ => None,
    })
}

fn data(event: &Event) -> String {
    STANDARD.encode(event.data().map_or(&[][..], |data| data))
}

pub(super) fn kinesis(events: &[Event]) -> String {
    let records = streams(events).map(|(event, stream)| {
        let kinesis = json!({"partitionKey": stream.partition_key, "sequenceNumber": stream.sequence, "data": data(event)});
        // The shard is told by the event's id alone.
        let id = match (&stream.partition, &stream.sequence) {
            (Some(shard), Some(sequence)) if !event.id().contains(':') => format!("{shard}:{sequence}"),
            _ => event.id().to_owned(),
        };
        let (kinesis, id, source) = (kinesis.to_string(), json!(id), json!(event.source()));
        format!(
            r#"{{"kinesis":{},"approximateArrivalTimestamp":{}}},"eventSource":"aws:kinesis","eventID":{id},"eventSourceARN":{source}}}"#,
            kinesis.strip_suffix('}').unwrap_or(&kinesis),
            seconds(event)
        )
    });
    format!(r#"{{"Records":[{}]}}"#, records.collect::<Vec<_>>().join(","))
}

/// Partitions in the order of their first event.
pub(super) fn kafka(events: &[Event]) -> String {
    let mut partitions: Vec<(String, Vec<Value>)> = Vec::new();
    let mut source = "";
    for (event, stream) in streams(events) {
        source = event.source();
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
        let headers = event.attributes().iter().map(|(name, value)| json!({ name.as_str(): value.as_bytes() }));
        let topic = stream.name.as_deref().unwrap_or_default();
        let partition = number(&stream.partition);
        let record = json!({
            "topic": topic, "partition": partition, "offset": number(&stream.sequence),
            "timestamp": event.time().map(|time| time.as_millis()), "timestampType": "CREATE_TIME",
            "key": stream.partition_key.as_ref().map(|key| STANDARD.encode(key)),
            "value": event.data().map(|_| data(event)), "headers": headers.collect::<Vec<_>>(),
        });
        let name = format!("{topic}-{partition}");
        match partitions.iter_mut().find(|(have, _)| *have == name) {
            Some((_, records)) => records.push(record),
            None => partitions.push((name, vec![record])),
        }
    }
    let records = partitions.into_iter().map(|(name, records)| format!("{}:{}", json!(name), Value::Array(records)));
    let kind = if source.is_empty() { "SelfManagedKafka" } else { "aws:kafka" };
    let source = if source.is_empty() { Value::Null } else { json!(source) };
    let records = records.collect::<Vec<_>>().join(",");
    format!(r#"{{"eventSource":"{kind}","eventSourceArn":{source},"records":{{{records}}}}}"#)
}
