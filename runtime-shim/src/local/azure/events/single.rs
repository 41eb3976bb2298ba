//! Deliveries of one event, and the documents of a change feed.

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{
    Refused, Told, doubled,
    fact::{Fact, write},
    value::{is_binary, text, written},
};
use crate::{Event, Trigger, azure::Binding, event::Action};

/// What an address keeps as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'+');

pub(super) fn message(event: &Event, binding: &Binding) -> Result<Told, Refused> {
    let data = event.data().map(|data| data.to_vec()).unwrap_or_default();
    let facts = vec![
        ("DequeueCount", Fact::Number(event.attempt().to_string())),
        ("Id", Fact::Text(Some(event.id().to_owned()))),
        ("InsertionTime", Fact::Date(event.time())),
    ];
    let mut metadata = Map::new();
    write(&mut metadata, &[facts], false);
    let leak = if is_binary(binding) { None } else { Some(text(&data)?.to_owned()) };
    Ok(Told { value: written(&[&data], binding)?, metadata, leak })
}

pub(super) fn blob(event: &Event) -> Result<Told, Refused> {
    let Trigger::Object(object) = event.trigger() else { return Err(Refused("a blobTrigger sends objects".to_owned())) };
    if object.action != Action::Created {
        return Err(Refused("a blobTrigger tells of new blobs only".to_owned()));
    }
    let data = event.data().map(|data| data.to_vec()).unwrap_or_default();
    let uri = format!("{}/{}", event.source(), utf8_percent_encode(&object.key, NAME));
    let etag = object.etag.as_ref().map_or(json!({}), |etag| json!(etag));
    let properties = json!({
        "LastModified": event.time().map(|time| time.to_string()), "ContentLength": object.size, "ContentType": object.content_type,
        "ETag": etag, "VersionId": object.version,
    });
    let owner: Map<_, _> = event.attributes().iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    let metadata = [
        ("Uri", doubled(&uri)),
        ("Properties", properties),
        ("Metadata", Value::Object(owner)),
        ("BlobTrigger", doubled(&format!("{}/{}", object.bucket, object.key))),
        ("name", doubled(&object.key)),
    ];
    let metadata = metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Told { value: Value::from(STANDARD.encode(data)).to_string(), metadata, leak: None })
}

pub(super) fn timer(event: &Event, is_past_due: bool) -> Result<Told, Refused> {
    let Trigger::Schedule(schedule) = event.trigger() else { return Err(Refused("a timerTrigger sends ticks".to_owned())) };
    let next = schedule.scheduled_for.map(|time| time.to_string());
    let status = next.map(|next| json!({"Last": "0001-01-01T00:00:00", "Next": next, "LastUpdated": "0001-01-01T00:00:00"}));
    let value = json!({"Schedule": {"AdjustForDST": true}, "ScheduleStatus": status, "IsPastDue": is_past_due});
    Ok(Told { value: value.to_string(), metadata: Map::new(), leak: None })
}

pub(super) fn documents(events: &[Event]) -> Result<Told, Refused> {
    let mut documents = Vec::with_capacity(events.len());
    for event in events {
        let Trigger::Change(change) = event.trigger() else {
            return Err(Refused("a cosmosDBTrigger sends changes".to_owned()));
        };
        documents.push(change.after.clone().ok_or_else(|| Refused("the change feed has no deletes".to_owned()))?);
    }
    let value = doubled(&format!("[{}]", documents.join(","))).to_string();
    Ok(Told { value, metadata: Map::new(), leak: None })
}
