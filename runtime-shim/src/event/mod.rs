//! The one common type: what happened, whichever provider said so.

mod headers;
mod http;
mod id;
mod json;
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
mod plain;
#[cfg(any(feature = "aws", feature = "gcp", feature = "local"))]
mod string;
mod time;
mod trigger;

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use self::id::Id;
#[cfg(feature = "local")]
pub(crate) use self::json::{HeaderPairs, compact, read_headers, string_length};
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
pub(crate) use self::plain::plain;
#[cfg(feature = "gcp")]
pub(crate) use self::plain::write_plain;
#[cfg(feature = "gcp")]
pub(crate) use self::string::rewrite;
#[cfg(any(feature = "aws", feature = "gcp", feature = "local"))]
pub(crate) use self::string::string;
pub use self::{
    headers::Headers,
    http::Http,
    time::Time,
    trigger::{Action, Change, Kind, Object, Queue, Schedule, Stream, Topic, Trigger},
};
use crate::{DecodeError, Provider};

/// One thing that happened: an HTTP request, a message, a change of an object, a tick of a clock.
///
/// It has the attributes of CloudEvents, the fields of its [`Trigger`], and the untouched bytes of the delivery it came
/// in. Printed with `serde` it has the same JSON form on every provider, and [`from_json`](Self::from_json) reads it back.
///
/// ```
/// use polyfn_shim::{Event, Provider, Trigger};
///
/// let event = Event::new(Provider::Container, Trigger::Direct).with_id("1").with_data("5", Some("application/json"));
/// assert_eq!(event.ty(), "polyfn.direct.call");
/// assert_eq!(
///     serde_json::to_string(&event).unwrap(),
///     r#"{"provider":"container","trigger":"direct","id":"1","type":"polyfn.direct.call","datacontenttype":"application/json","attempt":1,"data":5,"direct":{}}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    provider: Provider,
    trigger: Trigger,
    id: Id,
    source: Arc<str>,
    ty: Cow<'static, str>,
    time: Option<Time>,
    datacontenttype: Option<String>,
    attempt: u32,
    /// Apart, since a delivery may hold thousands of events that have none of it.
    rare: Option<Box<Rare>>,
    attributes: Vec<(String, String)>,
    data: Option<Bytes>,
    raw: Bytes,
}

/// What most events do not have.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rare {
    subject: Option<String>,
    dataschema: Option<String>,
    via: Vec<String>,
}

impl Event {
    /// An event of this trigger, with the type that the trigger gives it, and nothing else known.
    pub fn new(provider: Provider, trigger: Trigger) -> Self {
        let ty = Cow::Borrowed(trigger.event_type());
        Self {
            provider,
            trigger,
            id: Id::default(),
            source: Arc::default(),
            ty,
            time: None,
            datacontenttype: None,
            attempt: 1,
            rare: None,
            attributes: Vec::new(),
            data: None,
            raw: Bytes::new(),
        }
    }

    /// Who delivered it.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// What kind of thing happened, with the fields of that kind.
    pub fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// The same, to change: the router writes the parameters of the matched route here.
    pub fn trigger_mut(&mut self) -> &mut Trigger {
        &mut self.trigger
    }

    /// Makes it an event of another trigger, with the type that the trigger gives it.
    pub(crate) fn set_trigger(&mut self, trigger: Trigger) {
        self.ty = Cow::Borrowed(trigger.event_type());
        self.trigger = trigger;
    }

    /// The request, if it is one.
    pub fn http(&self) -> Option<&Http> {
        match &self.trigger {
            Trigger::Http(http) => Some(http),
            _ => None,
        }
    }

    /// What the provider calls it; the same again when the same thing is delivered again. Empty if it has no name.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The provider's own name of the resource it came from, such as an ARN; empty if it has none.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The CloudEvents `type`: `polyfn.http.request`, `polyfn.queue.message`, or a custom event's own.
    pub fn ty(&self) -> &str {
        &self.ty
    }

    /// What in the source it is about.
    pub fn subject(&self) -> Option<&str> {
        self.rare.as_ref()?.subject.as_deref()
    }

    /// When it happened, with the precision that came in.
    pub fn time(&self) -> Option<Time> {
        self.time
    }

    /// The media type of the data, as it came.
    pub fn datacontenttype(&self) -> Option<&str> {
        self.datacontenttype.as_deref()
    }

    /// The schema that the data follows.
    pub fn dataschema(&self) -> Option<&str> {
        self.rare.as_ref()?.dataschema.as_deref()
    }

    /// Which delivery of this event it is, from 1 on.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What it was unwrapped from: the sources of the messages that it came in, the outermost first.
    ///
    /// An S3 notification in a message of SNS in a message of SQS has the queue's ARN and the topic's here.
    pub fn via(&self) -> &[String] {
        self.rare.as_ref().map_or(&[], |rare| &rare.via)
    }

    /// Message attributes or CloudEvents extensions, in the order they came.
    pub fn attributes(&self) -> &[(String, String)] {
        &self.attributes
    }

    /// The value of one attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The data, decoded from the transport's base64 or escapes, and nothing else; `None` if there is none.
    pub fn data(&self) -> Option<&Bytes> {
        self.data.as_ref()
    }

    /// The untouched bytes of the delivery it came in: for an HTTP host, the body of the request.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The provider's own form of the delivery, read as `T`.
    ///
    /// A function that uses it works on that provider only.
    ///
    /// # Errors
    /// If the delivery is not the JSON of a `T`.
    pub fn native<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        serde_json::from_slice(&self.raw).map_err(DecodeError::json)
    }

    /// Whether the data is JSON by its media type: `application/json` or `*/*+json`, whatever its parameters.
    pub fn is_json(&self) -> bool {
        self.datacontenttype.as_deref().is_some_and(is_json)
    }

    /// Whether a media type is JSON: `application/json` or `*/*+json`, whatever its parameters.
    pub fn is_json_type(media_type: &str) -> bool {
        is_json(media_type)
    }

    /// The same event as a direct call: an HTTP request whose body is the call's input.
    #[must_use]
    pub fn into_call(mut self) -> Self {
        self.set_trigger(Trigger::Direct);
        self
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into().into();
        self
    }

    /// Sets the id, which is a piece of the delivery.
    #[cfg(feature = "aws")]
    pub(crate) fn with_id_in_delivery(mut self, id: Bytes) -> Self {
        self.id = Id::Piece(id);
        self
    }

    /// Sets the source.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into().into();
        self
    }

    /// Sets the source, which the events of a delivery share.
    #[cfg(feature = "aws")]
    pub(crate) fn with_shared_source(mut self, source: &Arc<str>) -> Self {
        self.source = Arc::clone(source);
        self
    }

    /// Sets the type of a custom event.
    #[must_use]
    pub fn with_type(mut self, ty: impl Into<String>) -> Self {
        self.ty = Cow::Owned(ty.into());
        self
    }

    /// Sets the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.rare.get_or_insert_default().subject = Some(subject.into());
        self
    }

    /// Sets the time.
    #[must_use]
    pub fn with_time(mut self, time: Option<Time>) -> Self {
        self.time = time;
        self
    }

    /// Sets the schema of the data.
    #[must_use]
    pub fn with_dataschema(mut self, dataschema: impl Into<String>) -> Self {
        self.rare.get_or_insert_default().dataschema = Some(dataschema.into());
        self
    }

    /// Sets which delivery of this event it is, from 1 on; a source that says 0 means the first.
    #[must_use]
    pub fn with_attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt.max(1);
        self
    }

    /// Says that it, with all that it came in so far, came in a message of this source; one without a name is none.
    #[must_use]
    pub fn within(mut self, source: &str) -> Self {
        if !source.is_empty() {
            self.rare.get_or_insert_default().via.insert(0, source.to_owned());
        }
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        // Many have one, and a list that grows by itself has room for four.
        self.attributes.reserve_exact(usize::from(self.attributes.is_empty()));
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// Sets the attributes, of which there are none so far.
    #[cfg(any(feature = "aws", feature = "gcp"))]
    pub(crate) fn with_attributes(mut self, attributes: Vec<(String, String)>) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets the data and its media type. Empty data is the same as none.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<Bytes>, datacontenttype: Option<&str>) -> Self {
        self.data = Some(data.into()).filter(|data| !data.is_empty());
        self.datacontenttype = datacontenttype.map(str::to_owned);
        self
    }

    /// Sets the bytes of the delivery.
    #[must_use]
    pub fn with_raw(mut self, raw: impl Into<Bytes>) -> Self {
        self.raw = raw.into();
        self
    }
}

/// Whether a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let Some((_, subtype)) = essence.split_once('/') else { return false };
    let suffix = subtype.len().checked_sub(5).and_then(|at| subtype.get(at..));
    essence.eq_ignore_ascii_case("application/json") || suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
}

#[cfg(test)]
mod tests {
    use super::{Event, Trigger, is_json};
    use crate::Provider;

    #[test]
    fn the_first_delivery_is_number_one() {
        for (said, attempt) in [(0, 1), (1, 1), (7, 7), (u32::MAX, u32::MAX)] {
            assert_eq!(Event::new(Provider::Gcp, Trigger::Event).with_attempt(said).attempt(), attempt);
        }
    }

    #[test]
    fn json_is_told_by_the_media_type_alone() {
        for yes in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json;x=y", "a/b+JSON"] {
            assert!(is_json(yes), "{yes}");
        }
        for no in ["", "json", "text/plain", "application/jsonl", "text/json5", "application/xml"] {
            assert!(!is_json(no), "{no}");
        }
    }
}
