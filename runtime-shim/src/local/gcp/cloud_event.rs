use bytes::Bytes;

use super::{message, pubsub, storage};
use crate::{
    DecodeError, Event, Trigger,
    cloudevents::CloudEvent,
    event::{Action, Object},
};

/// The CloudEvent that Eventarc makes of an event: a product's own type says what it is, and a custom one is itself.
///
/// Source: <https://github.com/googleapis/google-cloudevents>.
pub(super) fn of(event: &Event) -> Result<CloudEvent, DecodeError> {
    let own = CloudEvent::of(event);
    match event.trigger() {
        Trigger::Topic(topic) => Ok(CloudEvent {
            source: pubsub::source(event, topic),
            ty: "google.cloud.pubsub.topic.v1.messagePublished".to_owned(),
            datacontenttype: Some("application/json".to_owned()),
            dataschema: None,
            extensions: Vec::new(),
            data: Some(message::of(event, topic, &pubsub::subscription(event, topic))),
            ..own
        }),
        Trigger::Object(object) => changed(own, object),
        Trigger::Event => Ok(own),
        other => Err(DecodeError::at("trigger", format!("Eventarc sends no {} event", other.kind()))),
    }
}

fn changed(own: CloudEvent, object: &Object) -> Result<CloudEvent, DecodeError> {
    let what = match object.action {
        Action::Created => "finalized",
        Action::Deleted => "deleted",
        Action::Archived => "archived",
        Action::Updated => "metadataUpdated",
        Action::Restored => return Err(storage::restored()),
    };
    let mut extensions = own.extensions;
    if !extensions.iter().any(|(name, _)| name == "bucket") {
        extensions.push(("bucket".to_owned(), object.bucket.clone()));
    }
    Ok(CloudEvent {
        source: if own.source.is_empty() { storage::source(&object.bucket) } else { own.source },
        ty: format!("google.cloud.storage.object.v1.{what}"),
        subject: own.subject.or_else(|| Some(format!("objects/{}", object.key))),
        // The content of an object is never sent; what is known of it is.
        datacontenttype: Some("application/json".to_owned()),
        extensions,
        data: Some(Bytes::from(storage::resource(object))),
        ..own
    })
}
