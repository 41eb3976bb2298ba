use bytes::Bytes;

use super::{
    changes::{self, Source},
    pubsub, storage,
};
use crate::{DecodeError, Event, Provider, cloudevents::CloudEvent, event::Kind};

/// Of Pub/Sub: a message was published.
const MESSAGE_PUBLISHED: &str = "google.cloud.pubsub.topic.v1.messagePublished";

/// What a CloudEvent of Google's is: the type says it. An unknown type is a custom event.
///
/// Source: <https://github.com/googleapis/google-cloudevents>.
pub(super) fn decode(event: CloudEvent, raw: &Bytes) -> Result<Event, DecodeError> {
    if event.ty == MESSAGE_PUBLISHED {
        return pubsub::of_event(event, raw);
    }
    if let Some((source, action)) = Source::of(&event.ty) {
        return changes::changed(event, source, action, raw);
    }
    match storage::action(&event.ty) {
        Some(action) => storage::changed(event, action, raw),
        None => Ok(event.into_event(Provider::Gcp, raw)),
    }
}

/// The kind of trigger that such a type is mapped to; `None` if it stays a custom event.
pub(super) fn kind(ty: &str) -> Option<Kind> {
    match ty {
        MESSAGE_PUBLISHED => Some(Kind::Topic),
        _ if Source::of(ty).is_some() => Some(Kind::Change),
        _ => storage::action(ty).map(|_| Kind::Object),
    }
}
