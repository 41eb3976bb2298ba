use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{
    DecodeError, Event, Provider, Trigger,
    event::{Time, Topic, is_json},
    server::Delivery,
};

/// The body of a wrapped push; `None` if it is none.
pub(super) fn envelope(delivery: &Delivery) -> Option<Value> {
    let media_type = delivery.parts.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    if delivery.parts.method != Method::POST || !media_type.is_none_or(is_json) {
        return None;
    }
    let body: Value = serde_json::from_slice(&delivery.body).ok()?;
    (body.get("message")?.is_object() && body.get("subscription")?.is_string()).then_some(body)
}

/// A wrapped push as a message of its topic, which only the path can name.
///
/// Source: <https://cloud.google.com/pubsub/docs/push#receive_push>.
pub(super) fn decode(delivery: &Delivery, envelope: &Value) -> Result<Event, DecodeError> {
    let message = |names: [&str; 2]| names.iter().find_map(|name| envelope.get("message")?.get(name)?.as_str());
    let topic = topic(delivery.parts.uri.path());
    let subscription = envelope.get("subscription").and_then(Value::as_str).unwrap_or_default();
    let source = format!("//pubsub.googleapis.com/{}", topic.as_deref().unwrap_or(subscription));
    let trigger = Topic {
        name: topic.and_then(|path| path.rsplit('/').next().map(str::to_owned)),
        ordering_key: message(["orderingKey", "ordering_key"]).filter(|key| !key.is_empty()).map(str::to_owned),
        subject: None,
    };
    let time = match message(["publishTime", "publish_time"]) {
        Some(time) => Some(Time::parse(time).ok_or_else(|| DecodeError::at("message.publishTime", "not an RFC 3339 time"))?),
        None => None,
    };
    let data = match envelope.pointer("/message/data") {
        None | Some(Value::Null) => Vec::new(),
        Some(data) => data
            .as_str()
            .and_then(|text| STANDARD.decode(text).ok())
            .ok_or_else(|| DecodeError::at("message.data", "not a string of base64"))?,
    };
    let attempt = envelope.get("deliveryAttempt").and_then(Value::as_u64).and_then(|attempt| u32::try_from(attempt).ok());
    let mut event = Event::new(Provider::Gcp, Trigger::Topic(trigger))
        .with_id(message(["messageId", "message_id"]).unwrap_or_default())
        .with_source(source)
        .with_time(time)
        .with_attempt(attempt.unwrap_or(1))
        .with_raw(delivery.body.clone());
    for (name, value) in envelope.pointer("/message/attributes").and_then(Value::as_object).into_iter().flatten() {
        let path = || format!("message.attributes.{name}");
        event = event.with_attribute(name, value.as_str().ok_or_else(|| DecodeError::at(path(), "not a string"))?);
    }
    let media_type = ["content-type", "ce-datacontenttype"].iter().find_map(|name| event.attribute(name)).map(str::to_owned);
    Ok(event.with_data(data, media_type.as_deref()))
}

/// `projects/P/topics/T` in a path.
fn topic(path: &str) -> Option<String> {
    let segments: Vec<_> = path.split('/').collect();
    segments.windows(4).find_map(|four| match four {
        ["projects", project, "topics", topic] if !project.is_empty() && !topic.is_empty() => {
            Some(format!("projects/{project}/topics/{topic}"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn push(path: &str, body: &str) -> Option<Result<Event, DecodeError>> {
        let delivery = Delivery::new(Request::post(path).body(()).unwrap().into_parts().0, body.to_owned());
        envelope(&delivery).map(|envelope| decode(&delivery, &envelope))
    }

    #[test]
    fn a_wrapped_message_has_its_fields() {
        let body = r#"{"message":{"data":"aGk=","attributes":{"a":"1","content-type":"text/plain"},"message_id":"7",
            "messageId":"7","publishTime":"2020-01-01T00:00:00.10Z","orderingKey":"k"},"subscription":"projects/p/subscriptions/s","deliveryAttempt":3}"#;
        let event = push("/fn/projects/p/topics/t", body).unwrap().unwrap();
        assert_eq!((event.id(), event.source(), event.attempt()), ("7", "//pubsub.googleapis.com/projects/p/topics/t", 3));
        assert_eq!((event.data().map(|data| &data[..]), event.datacontenttype()), (Some(&b"hi"[..]), Some("text/plain")));
        assert_eq!((event.attribute("a"), event.time().unwrap().to_string().as_str()), (Some("1"), "2020-01-01T00:00:00.10Z"));
        let topic = Topic { name: Some("t".into()), subject: None, ordering_key: Some("k".into()) };
        assert_eq!(event.trigger(), &Trigger::Topic(topic));
    }

    #[test]
    fn attributes_alone_are_a_message() {
        let event =
            push("/", r#"{"message":{"attributes":{"eventType":"ORDER"},"data":null},"subscription":"s"}"#).unwrap().unwrap();
        assert_eq!((event.data(), event.time(), event.source()), (None, None, "//pubsub.googleapis.com/s"));
        assert_eq!(event.attribute("eventType"), Some("ORDER"));
    }

    #[test]
    fn what_is_no_push_and_what_is_a_bad_one() {
        assert!(push("/", r#"{"message":{}}"#).is_none());
        assert!(push("/", r#"{"message":"m","subscription":"s"}"#).is_none());
        assert_eq!(push("/", r#"{"message":{"data":"%%%"},"subscription":"s"}"#).unwrap().unwrap_err().path(), "message.data");
    }
}
