use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::{PROJECT, finish, message, pubsub};
use crate::{
    DecodeError, Event, Trigger,
    event::{Action, Object},
};

/// News of an object, in a push: with its resource (`JSON_API_V1`) or without (`NONE`).
///
/// Source: <https://cloud.google.com/storage/docs/pubsub-notifications>.
pub(super) fn notification(event: &Event, payload: bool) -> Result<Request<Bytes>, DecodeError> {
    let Trigger::Object(object) = event.trigger() else { return Err(DecodeError::at("trigger", "no change of an object")) };
    let kind = match object.action {
        Action::Created => "OBJECT_FINALIZE",
        Action::Deleted => "OBJECT_DELETE",
        Action::Archived => "OBJECT_ARCHIVE",
        Action::Updated => "OBJECT_METADATA_UPDATE",
        Action::Restored => return Err(restored()),
    };
    let own = [
        ("eventType", Some(kind.to_owned())),
        ("bucketId", Some(object.bucket.clone())),
        ("objectId", Some(object.key.clone())),
        ("objectGeneration", object.version.clone()),
        ("eventTime", event.time().map(|time| time.to_string())),
        ("payloadFormat", Some(if payload { "JSON_API_V1" } else { "NONE" }.to_owned())),
    ];
    // An event that once was a notification has these already.
    let mut attributes = event.attributes().to_vec();
    for (name, value) in own {
        match (attributes.iter_mut().find(|(have, _)| have == name), value) {
            (Some((_, have)), Some(value)) => *have = value,
            (None, Some(value)) => attributes.push((name.to_owned(), value)),
            (_, None) => {}
        }
    }
    let resource = Bytes::from(resource(object));
    let data = Some(&resource).filter(|_| payload);
    let subscription = format!("projects/{PROJECT}/subscriptions/{}-push", object.bucket);
    let body = message::with(event, &attributes, data, None, &subscription);
    finish(Request::post("/"), pubsub::AGENT, Some("application/json"), body)
}

/// The source of what happens in a bucket.
pub(super) fn source(bucket: &str) -> String {
    format!("//storage.googleapis.com/projects/_/buckets/{bucket}")
}

/// The resource of an object, as far as its event tells; numbers of 64 bits are texts.
pub(super) fn resource(object: &Object) -> String {
    let members = [
        ("kind", Some("storage#object".to_owned())),
        ("bucket", Some(object.bucket.clone())),
        ("name", Some(object.key.clone())),
        ("generation", object.version.clone()),
        ("contentType", object.content_type.clone()),
        ("size", object.size.map(|size| size.to_string())),
        ("etag", object.etag.clone()),
    ];
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    Value::Object(members.collect::<Map<_, _>>()).to_string()
}

/// Why nothing is sent.
pub(super) fn restored() -> DecodeError {
    DecodeError::at("object.action", "Cloud Storage tells of no object that was restored")
}
