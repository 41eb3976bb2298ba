use serde_json::{Map, Value, json};

use super::streams::seconds;
use crate::{
    Event, Trigger,
    event::{Action, Change},
};

fn changes(events: &[Event]) -> impl Iterator<Item = (&Event, &Change)> {
    events.iter().filter_map(|event| match event.trigger() {
        Trigger::Change(change) => Some((event, &**change)),
        _ => None,
    })
}

fn value(json: Option<&String>) -> Value {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

/// Sequence numbers count from 1: a change does not tell its own.
pub(super) fn dynamodb(events: &[Event]) -> String {
    let records = changes(events).enumerate().map(|(index, (event, change))| {
        let name = match change.action {
            Action::Created => "INSERT",
            Action::Deleted => "REMOVE",
            _ => "MODIFY",
        };
        let item = json!({
            "Keys": item(change.key.as_ref()), "OldImage": item(change.before.as_ref()),
            "NewImage": item(change.after.as_ref()), "SequenceNumber": (index + 1).to_string(),
        });
        let (item, id, source) = (item.to_string(), json!(event.id()), json!(event.source()));
        format!(
            r#"{{"dynamodb":{{"ApproximateCreationDateTime":{},{},"eventSource":"aws:dynamodb","eventName":"{name}","eventID":{id},"eventSourceARN":{source}}}"#,
            seconds(event),
            item.strip_prefix('{').unwrap_or(&item)
        )
    });
    format!(r#"{{"Records":[{}]}}"#, records.collect::<Vec<_>>().join(","))
}

fn item(json: Option<&String>) -> Value {
    match value(json) {
        Value::Object(members) => Value::Object(typed_members(members)),
        _ => Value::Null,
    }
}

fn typed_members(members: Map<String, Value>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name, typed(value))).collect()
}

/// A value with its type, as the SDKs write plain JSON: texts never become sets or binaries.
fn typed(value: Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(flag) => json!({"BOOL": flag}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(list) => json!({"L": list.into_iter().map(typed).collect::<Vec<_>>()}),
        Value::Object(members) => json!({"M": typed_members(members)}),
    }
}

pub(super) fn documentdb(events: &[Event]) -> Value {
    let source = events.first().map(Event::source);
    let events = changes(events).map(|(event, change)| {
        let operation = match change.action {
            Action::Created => "insert",
            Action::Deleted => "delete",
            _ => "update",
        };
        json!({"event": {
            "_id": {"_data": event.id()}, "operationType": operation,
            "clusterTime": {"$timestamp": {"t": event.time().map(|time| time.as_millis().div_euclid(1_000)), "i": 1}},
            "ns": {"db": "database", "coll": change.collection},
            "documentKey": value(change.key.as_ref()), "fullDocument": value(change.after.as_ref()),
            "fullDocumentBeforeChange": value(change.before.as_ref()),
        }})
    });
    json!({"eventSource": "aws:docdb", "eventSourceArn": source, "events": events.collect::<Vec<_>>()})
}
