use bytes::Bytes;
use http::Request;

use super::{PROJECT, finish, message};
use crate::{DecodeError, Event, Trigger, event::Topic};

pub(super) const AGENT: &str = "CloudPubSub-Google";
const SERVICE: &str = "//pubsub.googleapis.com/";

/// A message in JSON, pushed to an endpoint whose path names the topic, as a deployment should have it.
pub(super) fn push(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let Trigger::Topic(topic) = event.trigger() else { return Err(DecodeError::at("trigger", "no message of a topic")) };
    let builder = Request::post(path(event, topic));
    finish(builder, AGENT, Some("application/json"), message::of(event, topic, &subscription(event, topic)))
}

/// The source of a topic's messages.
pub(super) fn source(event: &Event, topic: &Topic) -> String {
    match (event.source(), &topic.name) {
        ("", Some(name)) => format!("{SERVICE}projects/{PROJECT}/topics/{name}"),
        (source, _) => source.to_owned(),
    }
}

/// The path of an endpoint that names the topic, if there is one.
pub(super) fn path(event: &Event, topic: &Topic) -> String {
    let source = source(event, topic);
    let topic = source.strip_prefix(SERVICE).filter(|path| path.contains("/topics/"));
    topic.map_or_else(|| "/".to_owned(), |path| format!("/{path}"))
}

/// The subscription that pushes: the source itself where no topic is known, else one made up.
pub(super) fn subscription(event: &Event, topic: &Topic) -> String {
    let source = source(event, topic);
    match source.strip_prefix(SERVICE) {
        Some(path) if path.contains("/topics/") => format!("{}-push", path.replace("/topics/", "/subscriptions/")),
        Some(path) if !path.is_empty() => path.to_owned(),
        _ => format!("projects/{PROJECT}/subscriptions/push"),
    }
}
