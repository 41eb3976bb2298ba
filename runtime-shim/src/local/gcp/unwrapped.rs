use bytes::Bytes;
use http::Request;

use super::{finish, pubsub, value};
use crate::{DecodeError, Event, Trigger};

/// The bytes of a message with its facts in headers; each attribute is a header of its own name.
///
/// Source: <https://cloud.google.com/pubsub/docs/payload-unwrapping>.
pub(super) fn push(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let Trigger::Topic(topic) = event.trigger() else { return Err(DecodeError::at("trigger", "no message of a topic")) };
    let facts = [
        ("message-id", Some(event.id().to_owned())),
        ("subscription-name", Some(pubsub::subscription(event, topic))),
        ("publish-time", event.time().map(|time| time.to_string())),
        ("ordering-key", topic.ordering_key.clone()),
    ];
    let mut builder = Request::post(pubsub::path(event, topic));
    for (name, fact) in facts {
        if let Some(fact) = fact {
            let name = format!("x-goog-pubsub-{name}");
            builder = builder.header(&name, value(&name, &fact)?);
        }
    }
    for (name, text) in event.attributes().iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")) {
        builder = builder.header(name, value(name, text)?);
    }
    finish(builder, pubsub::AGENT, event.datacontenttype(), event.data().cloned().unwrap_or_default())
}
