use super::{received::Received, target};
use crate::{
    DecodeError, Event, Provider, Trigger,
    event::{Time, Topic},
};

/// Whether Pub/Sub pushed it without a wrapper, with the message's facts in headers.
pub(super) fn is(delivery: Received<'_>) -> bool {
    delivery.parts.headers.contains_key("x-goog-pubsub-message-id")
}

/// The message that the body is. Which headers are its attributes cannot be told, so none are; the delivery keeps them.
///
/// Source: <https://cloud.google.com/pubsub/docs/payload-unwrapping>.
pub(super) fn decode(delivery: Received<'_>) -> Result<Event, DecodeError> {
    let header = |name: &str| delivery.header(name).filter(|value| !value.is_empty());
    let time = match header("x-goog-pubsub-publish-time") {
        Some(time) => {
            let bad = || DecodeError::at("headers.x-goog-pubsub-publish-time", "not an RFC 3339 time");
            Some(Time::parse(time).ok_or_else(bad)?)
        }
        None => None,
    };
    // The second is what Google's emulator calls it.
    let ordering_key = header("x-goog-pubsub-ordering-key").or_else(|| header("x-goog-ordering-key")).map(str::to_owned);
    Ok(message(delivery, header("x-goog-pubsub-subscription-name"), ordering_key)
        .with_id(header("x-goog-pubsub-message-id").unwrap_or_default())
        .with_time(time))
}

/// A message without any of its facts. Nothing marks it, so this is for a function that takes messages and nothing else.
pub(super) fn bare(delivery: Received<'_>) -> Event {
    message(delivery, None, None)
}

fn message(delivery: Received<'_>, subscription: Option<&str>, ordering_key: Option<String>) -> Event {
    let topic = target::topic(&delivery.parts.uri);
    let (name, source) = match (&topic, subscription) {
        // Nothing says where it came from.
        (None, None) => (None, String::new()),
        _ => target::origin(topic.as_deref(), subscription.unwrap_or_default()),
    };
    Event::new(Provider::Gcp, Trigger::Topic(Topic { name, subject: None, ordering_key }))
        .with_source(source)
        .with_data(delivery.body.clone(), delivery.header("content-type"))
        .with_raw(delivery.body.clone())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_headers_have_the_messages_facts() {
        for (path, source, name) in
            [("/", "projects/p/subscriptions/s", None), ("/f/projects/p/topics/t", "projects/p/topics/t", Some("t"))]
        {
            let request = Request::post(path)
                .header("x-goog-pubsub-message-id", "7")
                .header("x-goog-pubsub-publish-time", "2020-01-01T00:00:00.1Z")
                .header("x-goog-pubsub-subscription-name", "projects/p/subscriptions/s")
                .header("x-goog-pubsub-ordering-key", "k");
            let parts = request.body(()).unwrap().into_parts().0;
            let delivery = Received { parts: &parts, body: &"hi".into() };
            assert!(is(delivery));
            let event = decode(delivery).unwrap();
            assert_eq!((event.id(), event.source()), ("7", format!("//pubsub.googleapis.com/{source}").as_str()));
            let topic = Topic { name: name.map(str::to_owned), subject: None, ordering_key: Some("k".to_owned()) };
            assert_eq!(event.trigger(), &Trigger::Topic(topic));
            assert_eq!(event.data().map(|data| &data[..]), Some(&b"hi"[..]));
        }
    }

    #[test]
    fn the_path_may_name_the_topic_and_the_emulator_has_its_own_name_for_the_key() {
        let request = Request::post("/f/projects/p/topics/t")
            .header("x-goog-pubsub-message-id", "7")
            .header("x-goog-pubsub-subscription-name", "projects/p/subscriptions/s")
            .header("x-goog-ordering-key", "k");
        let parts = request.body(()).unwrap().into_parts().0;
        let event = decode(Received { parts: &parts, body: &"hi".into() }).unwrap();
        assert_eq!(event.source(), "//pubsub.googleapis.com/projects/p/topics/t");
        let topic = Topic { name: Some("t".to_owned()), subject: None, ordering_key: Some("k".to_owned()) };
        assert_eq!(event.trigger(), &Trigger::Topic(topic));
    }
}
