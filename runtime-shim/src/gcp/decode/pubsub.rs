use bytes::Bytes;
use http::{Method, Uri, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{by_type, message::Message, storage};
use crate::{
    DecodeError, Event,
    cloudevents::{CloudEvent, decode_attributes},
    event::is_json,
    server::Delivery,
};

/// What Pub/Sub wraps a message in.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    subscription: Option<&'a RawValue>,
    #[serde(rename = "deliveryAttempt")]
    delivery_attempt: Option<u32>,
}

/// A pushed message and where it came from.
pub(super) struct Push<'a> {
    message: Message<'a>,
    subscription: String,
    attempt: Option<u32>,
    uri: &'a Uri,
    raw: &'a Bytes,
}

/// The push that a request holds; `None` if it holds none.
///
/// # Errors
/// A message with a member of the wrong kind; the member is named.
///
/// Source: <https://cloud.google.com/pubsub/docs/push#receive_push>.
pub(super) fn push(delivery: &Delivery) -> Result<Option<Push<'_>>, DecodeError> {
    let media_type = delivery.parts.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    if delivery.parts.method != Method::POST || !media_type.is_none_or(is_json) {
        return Ok(None);
    }
    let Ok(Envelope { message: Some(message), subscription: Some(subscription), delivery_attempt }) =
        serde_json::from_slice::<Envelope<'_>>(&delivery.body)
    else {
        return Ok(None);
    };
    let Ok(subscription) = serde_json::from_str::<String>(subscription.get()) else { return Ok(None) };
    if !message.get().starts_with('{') {
        return Ok(None);
    }
    let message = Message::read(message.get())?;
    let (uri, raw) = (&delivery.parts.uri, &delivery.body);
    Ok(Some(Push { message, subscription, attempt: delivery_attempt, uri, raw }))
}

/// The message of a CloudEvent's data, whose source names the topic. That data's media type and schema are not the message's.
pub(super) fn of_event(event: CloudEvent, raw: &Bytes) -> Result<Event, DecodeError> {
    let data = event.data.clone().unwrap_or_default();
    let envelope: Envelope<'_> = serde_json::from_slice(&data).map_err(DecodeError::json)?;
    let message = envelope.message.ok_or_else(|| DecodeError::at("message", "missing"))?;
    let message = Message::read(message.get())?;
    let topic = event.source.rsplit_once("/topics/").map(|(_, name)| name.to_owned());
    let attempt = envelope.delivery_attempt.unwrap_or(1);
    let mut message = message.event(topic, event.source.clone(), attempt, raw)?.with_id(event.id);
    if event.time.is_some() {
        message = message.with_time(event.time);
    }
    if let Some(subject) = event.subject {
        message = message.with_subject(subject);
    }
    Ok(event.extensions.into_iter().fold(message, |message, (name, value)| message.with_attribute(name, value)))
}

impl<'a> Push<'a> {
    /// What the message is: a CloudEvent that no header could carry, news of a stored object, or itself.
    ///
    /// # Errors
    /// Data that is no base64, or an event that is none; the member is named.
    pub(super) fn event(self) -> Result<Event, DecodeError> {
        if self.is_cloud_event() {
            return Ok(by_type::decode(self.cloud_event()?, self.raw)?.with_attempt(self.attempt()));
        }
        if self.attribute("eventType").is_some_and(|kind| kind.starts_with("OBJECT_"))
            && let (Some(bucket), Some(object)) = (self.attribute("bucketId"), self.attribute("objectId"))
        {
            let (bucket, object) = (bucket.to_owned(), object.to_owned());
            return storage::notified(&self, bucket, object);
        }
        let topic = topic(self.uri);
        let source = format!("//pubsub.googleapis.com/{}", topic.as_deref().unwrap_or(&self.subscription));
        let name = topic.and_then(|path| path.rsplit('/').next().map(str::to_owned));
        self.message.event(name, source, self.attempt(), self.raw)
    }

    /// Eventarc falls back to this where a value is no legal header: the attributes are the event's.
    fn is_cloud_event(&self) -> bool {
        mode(self.uri).as_deref() == Some("CE_PUBSUB_BINDING")
            && ["ce-id", "ce-source", "ce-specversion", "ce-type"].iter().all(|name| self.attribute(name).is_some())
            && !self.attribute("content-type").is_some_and(|media_type| media_type.starts_with("application/cloudevents"))
    }

    fn cloud_event(&self) -> Result<CloudEvent, DecodeError> {
        let own = self.attributes().iter().filter_map(|(name, value)| Some((name.strip_prefix("ce-")?, value.as_str())));
        let mut event = decode_attributes(own, "message.attributes.ce-")?;
        if let Some(media_type) = self.attribute("content-type") {
            event.datacontenttype = Some(media_type.to_owned());
        }
        event.data = Some(Bytes::from(self.data()?)).filter(|data| !data.is_empty());
        Ok(event)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn attributes(&self) -> &[(String, String)] {
        self.message.attributes()
    }

    pub(super) fn attempt(&self) -> u32 {
        self.attempt.unwrap_or(1)
    }

    pub(super) fn id(&self) -> String {
        self.message.id()
    }

    pub(super) fn data(&self) -> Result<Vec<u8>, DecodeError> {
        self.message.data()
    }

    pub(super) fn raw(&self) -> &'a Bytes {
        self.raw
    }
}

/// The way in which Eventarc made the request, which its query names.
fn mode(uri: &Uri) -> Option<String> {
    let value = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("__GCP_CloudEventsMode="))?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// The topic that Eventarc names in the query, else the one that the deployment put into the path: `projects/P/topics/T`.
pub(super) fn topic(uri: &Uri) -> Option<String> {
    let segments = |path: &str| -> Option<String> {
        let segments: Vec<_> = path.split('/').collect();
        segments.windows(4).find_map(|four| match four {
            ["projects", project, "topics", topic] if !project.is_empty() && !topic.is_empty() => {
                Some(format!("projects/{project}/topics/{topic}"))
            }
            _ => None,
        })
    };
    mode(uri).and_then(|mode| segments(mode.strip_prefix("CUSTOM_PUBSUB_")?)).or_else(|| segments(uri.path()))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::{Trigger, event::Topic};

    fn decoded(path: &str, body: &str) -> Option<Result<Event, DecodeError>> {
        let delivery = Delivery::new(Request::post(path).body(()).unwrap().into_parts().0, body.to_owned());
        match push(&delivery) {
            Ok(Some(push)) => Some(push.event()),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }

    #[test]
    fn a_wrapped_message_has_its_fields() {
        let body = r#"{"message":{"data":"aGk=","attributes":{"b":"1","a":"1","content-type":"text/plain"},"message_id":"7",
            "messageId":"7","publishTime":"2020-01-01T00:00:00.10Z","orderingKey":"k"},"subscription":"projects/p/subscriptions/s","deliveryAttempt":3}"#;
        let event = decoded("/fn/projects/p/topics/t", body).unwrap().unwrap();
        assert_eq!((event.id(), event.source(), event.attempt()), ("7", "//pubsub.googleapis.com/projects/p/topics/t", 3));
        assert_eq!((event.data().map(|data| &data[..]), event.datacontenttype()), (Some(&b"hi"[..]), Some("text/plain")));
        assert_eq!(
            (event.attributes()[0].0.as_str(), event.time().unwrap().to_string().as_str()),
            ("b", "2020-01-01T00:00:00.10Z")
        );
        let topic = Topic { name: Some("t".into()), subject: None, ordering_key: Some("k".into()) };
        assert_eq!(event.trigger(), &Trigger::Topic(topic));
    }

    #[test]
    fn eventarc_names_the_topic_in_the_query() {
        let body = r#"{"message":{"data":"aGk="},"subscription":"s"}"#;
        for query in ["CUSTOM_PUBSUB_projects%2Fp%2Ftopics%2Ft", "CUSTOM_PUBSUB_projects/p/topics/t"] {
            let event = decoded(&format!("/?__GCP_CloudEventsMode={query}"), body).unwrap().unwrap();
            assert_eq!(event.source(), "//pubsub.googleapis.com/projects/p/topics/t", "{query}");
        }
    }

    #[test]
    fn attributes_alone_are_a_message() {
        let body = r#"{"message":{"attributes":{"eventType":"ORDER"},"data":null},"subscription":"s"}"#;
        let event = decoded("/", body).unwrap().unwrap();
        assert_eq!((event.data(), event.time(), event.source()), (None, None, "//pubsub.googleapis.com/s"));
        assert_eq!(event.attribute("eventType"), Some("ORDER"));
    }

    #[test]
    fn what_is_no_push_and_what_is_a_bad_one() {
        assert!(decoded("/", r#"{"message":{}}"#).is_none());
        assert!(decoded("/", r#"{"message":"m","subscription":"s"}"#).is_none());
        assert!(decoded("/", r#"{"message":{},"subscription":5}"#).is_none());
        for (body, path) in [
            (r#"{"message":{"data":"%%%"},"subscription":"s"}"#, "message.data"),
            (r#"{"message":{"attributes":{"a":1}},"subscription":"s"}"#, "message.attributes.a"),
            (r#"{"message":{"publishTime":"soon"},"subscription":"s"}"#, "message.publishTime"),
        ] {
            assert_eq!(decoded("/", body).unwrap().unwrap_err().path(), path);
        }
    }

    const FALLBACK: &str = r#"{"message":{"attributes":{"ce-id":"1","ce-source":"/s","ce-specversion":"1.0","ce-type":"t",
        "ce-subject":"documents/a/b ","ce-tenant":"a%20b","content-type":"application/json"},"data":"e30=","messageId":"9"},"subscription":"s"}"#;

    #[test]
    fn the_fallback_is_the_event_in_its_attributes() {
        let event = decoded("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING", FALLBACK).unwrap().unwrap();
        assert_eq!((event.id(), event.source(), event.ty(), event.subject()), ("1", "/s", "t", Some("documents/a/b ")));
        assert_eq!((event.attribute("tenant"), event.data().map(|data| &data[..])), (Some("a%20b"), Some(&b"{}"[..])));
    }

    #[test]
    fn the_fallback_is_a_whole_event_or_refused() {
        let refused = |from: &str, to: &str| {
            let body = FALLBACK.replace(from, to);
            decoded("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING", &body).unwrap().unwrap_err()
        };
        for (from, to, name) in [
            (r#""ce-specversion":"1.0""#, r#""ce-specversion":"2.0""#, "specversion"),
            (r#""ce-id":"1""#, r#""ce-id":"""#, "id"),
            (r#""ce-tenant":"#, r#""ce-time":"#, "time"),
        ] {
            assert_eq!(refused(from, to).path(), format!("message.attributes.ce-{name}"));
        }
        let again = FALLBACK.replace(r#""subscription":"s""#, r#""subscription":"s","deliveryAttempt":4"#);
        assert_eq!(decoded("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING", &again).unwrap().unwrap().attempt(), 4);
    }

    #[test]
    fn a_topic_is_four_segments_of_the_query_or_the_path() {
        let found = |target: &str| topic(&target.parse().unwrap());
        for target in [
            "/?__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects%2Fp%2Ftopics%2Ft",
            "/projects/p/topics/other?a=1&__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects/p/topics/t",
            "/f/projects/p/topics/t",
            "/projects/p/topics/t/more",
            "/projects/p/topics/t?__GCP_CloudEventsMode=CE_PUBSUB_BINDING",
        ] {
            assert_eq!(found(target).as_deref(), Some("projects/p/topics/t"), "{target}");
        }
        for target in ["/", "/projects//topics/t", "/projects/p/topics/", "/topics/t", "/?topic=projects/p/topics/t"] {
            assert_eq!(found(target), None, "{target}");
        }
    }

    #[test]
    fn without_the_query_or_an_attribute_it_is_an_ordinary_message() {
        assert_eq!(decoded("/", FALLBACK).unwrap().unwrap().id(), "9");
        let less = FALLBACK.replace("ce-specversion", "ce-version");
        let event = decoded("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING", &less).unwrap().unwrap();
        assert!(matches!(event.trigger(), Trigger::Topic(_)));
    }
}
