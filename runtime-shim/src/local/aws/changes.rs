use serde_json::{Value, json, value::RawValue};

use super::streams::seconds;
use crate::{
    Event, Trigger,
    event::{Action, Change},
    members::Members,
};

fn changes(events: &[Event]) -> impl Iterator<Item = (&Event, &Change)> {
    events.iter().filter_map(|event| match event.trigger() {
        Trigger::Change(change) => Some((event, &**change)),
        _ => None,
    })
}

/// Sequence numbers count from 1: a change does not tell its own.
pub(super) fn dynamodb(events: &[Event]) -> String {
    let records = changes(events).enumerate().map(|(index, (event, change))| {
        let name = match change.action {
            Action::Created => "INSERT",
            Action::Deleted => "REMOVE",
            _ => "MODIFY",
        };
        let images = [("Keys", &change.key), ("OldImage", &change.before), ("NewImage", &change.after)];
        let images: Vec<_> = images.map(|(name, json)| format!(r#""{name}":{}"#, item(json.as_deref()))).into();
        let (id, source) = (json!(event.id()), json!(event.source()));
        format!(
            r#"{{"dynamodb":{{"ApproximateCreationDateTime":{},{},"SequenceNumber":"{}"}},"eventSource":"aws:dynamodb","eventName":"{name}","eventID":{id},"eventSourceARN":{source}}}"#,
            seconds(event),
            images.join(","),
            index + 1
        )
    });
    format!(r#"{{"Records":[{}]}}"#, records.collect::<Vec<_>>().join(","))
}

/// An object whose members have their types; `null` of anything else.
fn item(json: Option<&str>) -> String {
    json.and_then(Members::read).map_or_else(|| "null".to_owned(), |members| typed_members(&members, DEEPEST))
}

fn typed_members(members: &Members<'_>, depth: u8) -> String {
    let members = members.iter().map(|(name, json)| format!("{}:{}", Value::from(name), typed(json, depth)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// How deep an attribute stands in others at most; what is deeper is null.
const DEEPEST: u8 = 32;

/// A value with its type, as the SDKs write plain JSON: texts never become sets or binaries, and a number keeps its digits.
fn typed(json: &str, depth: u8) -> String {
    let json = json.trim();
    let Some(depth) = depth.checked_sub(1) else { return r#"{"NULL":true}"#.to_owned() };
    match json.as_bytes().first() {
        Some(b'n') => r#"{"NULL":true}"#.to_owned(),
        Some(b't' | b'f') => format!(r#"{{"BOOL":{json}}}"#),
        Some(b'"') => format!(r#"{{"S":{json}}}"#),
        Some(b'{') => {
            let members = Members::read(json).map(|members| typed_members(&members, depth));
            format!(r#"{{"M":{}}}"#, members.unwrap_or_default())
        }
        Some(b'[') => {
            let list = serde_json::from_str::<Vec<&RawValue>>(json).unwrap_or_default();
            format!(r#"{{"L":[{}]}}"#, list.iter().map(|value| typed(value.get(), depth)).collect::<Vec<_>>().join(","))
        }
        _ => format!(r#"{{"N":"{json}"}}"#),
    }
}

pub(super) fn documentdb(events: &[Event]) -> String {
    let source = json!(events.first().map(Event::source));
    let events = changes(events).map(|(event, change)| {
        let operation = match change.action {
            Action::Created => "insert",
            Action::Deleted => "delete",
            _ => "update",
        };
        let head = json!({
            "_id": {"_data": event.id()}, "operationType": operation,
            "clusterTime": {"$timestamp": {"t": event.time().map(|time| time.as_millis().div_euclid(1_000)), "i": 1}},
            "ns": {"db": "database", "coll": change.collection},
        });
        let document = |json: &Option<String>| json.clone().unwrap_or_else(|| "null".to_owned());
        // The documents are put behind as they are, so that a number keeps its digits.
        let head = head.to_string();
        format!(
            r#"{{"event":{},"documentKey":{},"fullDocument":{},"fullDocumentBeforeChange":{}}}}}"#,
            head.strip_suffix('}').unwrap_or(&head),
            document(&change.key),
            document(&change.after),
            document(&change.before)
        )
    });
    let events = events.collect::<Vec<_>>().join(",");
    format!(r#"{{"eventSource":"aws:docdb","eventSourceArn":{source},"events":[{events}]}}"#)
}
