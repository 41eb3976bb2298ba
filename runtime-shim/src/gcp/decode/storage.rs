use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::pubsub::Push;
use crate::{
    DecodeError, Event, Provider, Trigger,
    cloudevents::CloudEvent,
    event::{Action, Object, Time},
};

/// What Cloud Storage says of an object; numbers of 64 bits come as texts, and in some samples as numbers.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    bucket: Option<Cow<'a, str>>,
    #[serde(borrow)]
    size: Option<&'a RawValue>,
    #[serde(borrow)]
    generation: Option<&'a RawValue>,
    #[serde(borrow)]
    etag: Option<Cow<'a, str>>,
    #[serde(borrow)]
    content_type: Option<Cow<'a, str>>,
}

/// What was done to an object, if the CloudEvent's type is of Cloud Storage.
pub(super) fn action(ty: &str) -> Option<Action> {
    Some(match ty.strip_prefix("google.cloud.storage.object.v1.")? {
        "finalized" => Action::Created,
        "deleted" => Action::Deleted,
        "archived" => Action::Archived,
        "metadataUpdated" => Action::Updated,
        _ => return None,
    })
}

/// A change that a CloudEvent tells.
pub(super) fn changed(event: CloudEvent, action: Action, raw: &Bytes) -> Result<Event, DecodeError> {
    // The data tells of the object and is not its content.
    let mut object = object(event.data.as_deref().unwrap_or_default(), action)?;
    // Source and subject name the object even where the data does not.
    if object.bucket.is_empty() {
        object.bucket = event.source.rsplit_once("/buckets/").map(|(_, bucket)| bucket.to_owned()).unwrap_or_default();
    }
    if object.key.is_empty() {
        let key = event.subject.as_deref().and_then(|subject| subject.strip_prefix("objects/"));
        object.key = key.map(str::to_owned).unwrap_or_default();
    }
    required(&object)?;
    let mut changed = Event::new(Provider::Gcp, Trigger::Object(Box::new(object)))
        .with_id(event.id)
        .with_source(event.source)
        .with_time(event.time)
        .with_raw(raw.clone());
    if let Some(subject) = event.subject {
        changed = changed.with_subject(subject);
    }
    if let Some(dataschema) = event.dataschema {
        changed = changed.with_dataschema(dataschema);
    }
    Ok(event.extensions.into_iter().fold(changed, |changed, (name, value)| changed.with_attribute(name, value)))
}

/// A change that a notification over Pub/Sub tells; without a payload the attributes say all.
///
/// Source: <https://cloud.google.com/storage/docs/pubsub-notifications>.
pub(super) fn notified(push: &Push<'_>, bucket: String, key: String) -> Result<Event, DecodeError> {
    let action = match push.attribute("eventType") {
        Some("OBJECT_FINALIZE") => Action::Created,
        Some("OBJECT_DELETE") => Action::Deleted,
        Some("OBJECT_ARCHIVE") => Action::Archived,
        Some("OBJECT_METADATA_UPDATE") => Action::Updated,
        _ => return Err(DecodeError::at("message.attributes.eventType", "not a known OBJECT_ type")),
    };
    let resource = object(&push.data()?, action).map_err(|error| error.under("message.data"))?;
    let version = resource.version.clone().or_else(|| push.attribute("objectGeneration").map(str::to_owned));
    let source = format!("//storage.googleapis.com/projects/_/buckets/{bucket}");
    let object = Object { bucket, key, version, ..resource };
    let event = Event::new(Provider::Gcp, Trigger::Object(Box::new(object)))
        .with_id(push.id())
        .with_source(source)
        .with_time(push.attribute("eventTime").and_then(Time::parse))
        .with_attempt(push.attempt())
        .with_raw(push.raw().clone());
    Ok(push.attributes().iter().fold(event, |event, (name, value)| event.with_attribute(name, value)))
}

fn object(data: &[u8], action: Action) -> Result<Object, DecodeError> {
    if data.is_empty() {
        return Ok(Object { action, ..Object::default() });
    }
    let resource: Resource<'_> = serde_json::from_slice(data).map_err(DecodeError::json)?;
    let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    Ok(Object {
        action,
        bucket: text(resource.bucket).unwrap_or_default(),
        key: text(resource.name).unwrap_or_default(),
        size: match resource.size.map(digits) {
            Some(size) => Some(size.parse().map_err(|_| DecodeError::at("size", "expected a whole number"))?),
            None => None,
        },
        etag: text(resource.etag),
        version: resource.generation.map(digits).map(str::to_owned),
        content_type: text(resource.content_type),
    })
}

/// A number as it is written, in quotes or without.
fn digits(value: &RawValue) -> &str {
    let digits = value.get().trim_matches('"');
    // Some samples have `352.0`.
    digits.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|zero| zero == b'0')).map_or(digits, |(whole, _)| whole)
}

fn required(object: &Object) -> Result<(), DecodeError> {
    match (object.bucket.is_empty(), object.key.is_empty()) {
        (true, _) => Err(DecodeError::at("bucket", "missing")),
        (_, true) => Err(DecodeError::at("name", "missing")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: &str, subject: Option<&str>) -> CloudEvent {
        CloudEvent {
            id: "1".into(),
            source: "//storage.googleapis.com/projects/_/buckets/b".into(),
            ty: "google.cloud.storage.object.v1.finalized".into(),
            subject: subject.map(str::to_owned),
            time: None,
            datacontenttype: Some("application/json".into()),
            dataschema: None,
            extensions: Vec::new(),
            data: Some(Bytes::copy_from_slice(data.as_bytes())).filter(|data| !data.is_empty()),
        }
    }

    fn decoded(data: &str, subject: Option<&str>) -> Result<Object, DecodeError> {
        let event = changed(event(data, subject), Action::Created, &Bytes::new())?;
        match event.trigger() {
            Trigger::Object(object) => Ok((**object).clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_come_as_texts_or_as_numbers() {
        for (size, generation) in [(r#""5497558138880""#, "96883251"), ("5497558138880", r#""96883251""#)] {
            let data =
                format!(r#"{{"name":"a+b %20#1.txt","bucket":"b","size":{size},"generation":{generation},"metadata":{{}}}}"#);
            let object = decoded(&data, None).unwrap();
            assert_eq!(
                (object.key.as_str(), object.size, object.version.as_deref()),
                ("a+b %20#1.txt", Some(5_497_558_138_880), Some("96883251"))
            );
        }
    }

    #[test]
    fn source_and_subject_stand_in_for_absent_data() {
        let object = decoded("", Some("objects/folder/Test.cs")).unwrap();
        assert_eq!((object.bucket.as_str(), object.key.as_str(), object.size), ("b", "folder/Test.cs", None));
    }

    #[test]
    fn an_object_without_a_name_or_with_a_wrong_size_is_refused() {
        assert_eq!(decoded("{}", None).unwrap_err().path(), "name");
        assert_eq!(decoded(r#"{"name":"a","size":"1.5"}"#, None).unwrap_err().path(), "size");
    }
}
