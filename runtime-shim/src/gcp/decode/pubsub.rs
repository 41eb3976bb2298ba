use bytes::Bytes;
use serde_json::value::RawValue;

use super::{
    bound,
    envelope::{Envelope, Member},
    message::Message,
    received::Received,
    storage, target,
};
use crate::{
    DecodeError, Event,
    cloudevents::{CloudEvent, decode_attributes},
    event::Kind,
    function::Declared,
};

/// A pushed message and where it came from.
#[derive(Clone)]
pub(super) struct Push<'a> {
    message: Message<'a>,
    subscription: String,
    attempt: u32,
    /// The way in which Eventarc made the request, which its query names.
    mode: Option<String>,
    /// The topic's path, if the request's target names it.
    topic: Option<String>,
    raw: &'a Bytes,
}

/// The push that a request holds; `None` if it holds none.
///
/// # Errors
/// A message with a member of the wrong kind; the member is named.
///
/// Source: <https://cloud.google.com/pubsub/docs/push#receive_push>.
pub(super) fn push<'a>(delivery: Received<'a>, envelope: &mut Envelope<'a>) -> Result<Option<Push<'a>>, DecodeError> {
    let Some(subscription) = envelope.subscription else { return Ok(None) };
    let Ok(subscription) = serde_json::from_str::<String>(subscription.get()) else { return Ok(None) };
    let message = match envelope.message.take() {
        Some(Member::Message(message)) => message,
        Some(Member::Unread(message)) if message.get().starts_with('{') => Message::read(message.get())?,
        _ => return Ok(None),
    };
    let uri = &delivery.parts.uri;
    Ok(Some(Push {
        message,
        subscription,
        attempt: envelope.attempt()?,
        mode: target::mode(uri),
        topic: target::topic(uri),
        raw: delivery.body,
    }))
}

/// The message of a CloudEvent's data, whose source names the topic. Media type and schema of that data are the envelope's, not
/// the message's.
pub(super) fn of_event(event: CloudEvent, raw: &Bytes) -> Result<Event, DecodeError> {
    let data = event.data.clone().unwrap_or_default();
    let envelope: Envelope<'_, &RawValue> = serde_json::from_slice(&data).map_err(DecodeError::json)?;
    let message = Message::read(envelope.message.ok_or_else(|| DecodeError::at("message", "missing"))?.get())?;
    let topic = event.source.rsplit_once("/topics/").map(|(_, name)| name.to_owned());
    let mut message = message.event(topic, event.source.clone(), envelope.attempt()?, raw)?.with_id(event.id);
    if event.time.is_some() {
        message = message.with_time(event.time);
    }
    if let Some(subject) = event.subject {
        message = message.with_subject(subject);
    }
    Ok(event.extensions.into_iter().fold(message, |message, (name, value)| message.with_attribute(name, value)))
}

impl<'a> Push<'a> {
    /// What the message is: a CloudEvent that no header could carry, news of a stored object, or itself; and each as a function
    /// takes it.
    ///
    /// # Errors
    /// Data that is no base64, or an event that is none; the member is named.
    pub(super) fn event(self, declared: &Declared<'_>) -> Result<Event, DecodeError> {
        if self.is_cloud_event() {
            let event = bound::event(self.cloud_event()?, self.raw, declared)?;
            return Ok(event.with_attempt(self.attempt).within(&self.origin().1));
        }
        let Some((bucket, object)) = self.object() else { return bound::message(self.own()?, declared) };
        // News of an object is a message of its topic to functions that take no objects.
        if !declared.has(Kind::Object)
            && let Some(message) = self.taken(declared)?
        {
            return Ok(message);
        }
        let changed = storage::notified(&self, bucket, object)?.within(&self.origin().1);
        if declared.takes(&changed) {
            return Ok(changed);
        }
        Ok(self.taken(declared)?.unwrap_or(changed))
    }

    /// The message itself, if a function takes it.
    fn taken(&self, declared: &Declared<'_>) -> Result<Option<Event>, DecodeError> {
        if bound::could_take(Kind::Topic, declared) { bound::taken_message(self.clone().own()?, declared) } else { Ok(None) }
    }

    /// The message itself, of its topic.
    fn own(self) -> Result<Event, DecodeError> {
        let (name, source) = self.origin();
        self.message.event(name, source, self.attempt, self.raw)
    }

    /// The topic's name, and the source of its messages.
    fn origin(&self) -> (Option<String>, String) {
        target::origin(self.topic.as_deref(), &self.subscription)
    }

    /// The bucket and the name of the object that a notification is about.
    fn object(&self) -> Option<(String, String)> {
        self.attribute("eventType").filter(|kind| kind.starts_with("OBJECT_"))?;
        Some((self.attribute("bucketId")?.to_owned(), self.attribute("objectId")?.to_owned()))
    }

    /// Eventarc falls back to this where a value is no legal header: the attributes are the event's.
    fn is_cloud_event(&self) -> bool {
        self.mode.as_deref() == Some("CE_PUBSUB_BINDING")
            && ["ce-id", "ce-source", "ce-specversion", "ce-type"].iter().all(|name| self.attribute(name).is_some())
            && !self.attribute("content-type").is_some_and(is_structured)
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
        self.message.attribute(name)
    }

    pub(super) fn attributes(&self) -> &[(String, String)] {
        self.message.attributes()
    }

    pub(super) fn id(&self) -> String {
        self.message.id()
    }

    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    pub(super) fn data(&self) -> Result<Vec<u8>, DecodeError> {
        self.message.data()
    }

    pub(super) fn raw(&self) -> &'a Bytes {
        self.raw
    }
}

/// Whether a media type says that the data is a whole CloudEvent.
fn is_structured(media_type: &str) -> bool {
    const PREFIX: &str = "application/cloudevents";
    media_type.get(..PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::{Trigger, event::Topic};

    fn decoded(path: &str, body: &str) -> Option<Result<Event, DecodeError>> {
        let parts = Request::post(path).body(()).unwrap().into_parts().0;
        let body = Bytes::from(body.to_owned());
        let delivery = Received { parts: &parts, body: &body };
        let push = push(delivery, &mut Envelope::of(delivery)?).transpose()?;
        Some(push.and_then(|push| push.event(&Declared::default())))
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
    fn without_the_query_or_an_attribute_it_is_an_ordinary_message() {
        assert_eq!(decoded("/", FALLBACK).unwrap().unwrap().id(), "9");
        let less = FALLBACK.replace("ce-specversion", "ce-version");
        let event = decoded("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING", &less).unwrap().unwrap();
        assert!(matches!(event.trigger(), Trigger::Topic(_)));
    }
}
