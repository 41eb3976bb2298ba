use bytes::Bytes;

use super::{
    changes::{self, Source},
    pubsub, storage,
};
use crate::{DecodeError, Event, Provider, cloudevents::CloudEvent};

/// What a CloudEvent of Google's is: the type says it. An unknown type is a custom event.
///
/// Source: <https://github.com/googleapis/google-cloudevents>.
pub(super) fn decode(event: CloudEvent, raw: &Bytes) -> Result<Event, DecodeError> {
    if event.ty == "google.cloud.pubsub.topic.v1.messagePublished" {
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
