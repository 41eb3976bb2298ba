use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    Body, data,
    event_type::{EventType, Product},
    resource,
};
use crate::{DecodeError, Event, event::Time, gcp::decode::envelope::Envelope};

/// A background event in the form that first-generation functions have: its data, and the facts about it.
///
/// Printed with `serde` it has the form of their HTTP body, with the facts under `context`.
///
/// ```
/// use polyfn_shim::gcp::{self, LegacyEvent};
///
/// let (parts, ()) = http::Request::post("/").body(()).unwrap().into_parts();
/// let body = r#"{"data":{"name":"cat.png","bucket":"b"},"context":{"eventId":"1","eventType":"google.storage.object.finalize","resource":"projects/_/buckets/b/objects/cat.png"}}"#;
/// let event = &gcp::decode(&parts, &body.into()).unwrap()[0];
/// assert_eq!(event.ty(), "polyfn.object.created");
///
/// let legacy = LegacyEvent::of(event).unwrap();
/// assert_eq!(legacy.context.event_type, "google.storage.object.finalize");
/// assert_eq!(serde_json::to_string(&legacy).unwrap(), body);
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LegacyEvent<T = Box<RawValue>> {
    /// What happened: the JSON as it came, or a type of yours.
    pub data: T,
    /// The facts about it.
    pub context: LegacyContext,
}

/// The facts about a background event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LegacyContext {
    /// The id; the same again when the event is delivered again.
    pub event_id: String,
    /// What happened, such as `google.pubsub.topic.publish`.
    pub event_type: String,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Time>,
    /// What it is about.
    pub resource: LegacyResource,
}

/// What a background event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LegacyResource {
    /// Its name alone, such as `projects/p/databases/(default)/documents/orders/7`.
    Name(String),
    /// The name with more about it.
    Full {
        /// The service, such as `storage.googleapis.com`.
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// The name, such as `projects/_/buckets/b/objects/cat.png`.
        name: String,
        /// What it is, such as `storage#object`.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        ty: Option<String>,
    },
}

impl Default for LegacyResource {
    fn default() -> Self {
        Self::Name(String::new())
    }
}

impl LegacyResource {
    /// The name, in either form.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Full { name, .. } => name,
        }
    }

    /// The service, if it is told.
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Name(_) => None,
            Self::Full { service, .. } => service.as_deref(),
        }
    }
}

impl<T> LegacyEvent<T> {
    /// An event of this type with this data and nothing else, to call a function with in a unit test.
    pub fn new(event_type: impl Into<String>, data: T) -> Self {
        Self { data, context: LegacyContext { event_type: event_type.into(), ..LegacyContext::default() } }
    }

    /// The same event with its data read as something else.
    pub fn with_data<U>(self, data: U) -> LegacyEvent<U> {
        LegacyEvent { data, context: self.context }
    }
}

impl LegacyEvent {
    /// The legacy form of an event: as it was delivered, or made of a CloudEvent that was delivered unmapped.
    ///
    /// # Errors
    /// A CloudEvent of a type that first-generation functions never had, or one that lacks what the legacy form needs; the
    /// attribute is named.
    pub fn of(event: &Event) -> Result<Self, DecodeError> {
        match delivered(event) {
            Some(body) => Ok(Self { data: body.data.to_owned(), context: body.context()? }),
            None => converted(event),
        }
    }
}

/// The body that this event was delivered in, if it is a background event's. A CloudEvent may have the same kind of object as its
/// data; then it is that.
fn delivered(event: &Event) -> Option<Body<'_>> {
    let body = Body::of(&Envelope::read(event.raw())?)?;
    let id = body.event_id.and_then(|id| serde_json::from_str::<String>(id.get()).ok());
    let same = body.is_known() && id.as_deref() == Some(event.id()) && event.data() != Some(event.raw());
    same.then_some(body)
}

/// A CloudEvent in the legacy form.
fn converted(event: &Event) -> Result<LegacyEvent, DecodeError> {
    let row = EventType::of_cloud_event(event.ty())
        .ok_or_else(|| DecodeError::at("type", "no type of a CloudEvent that has a legacy form"))?;
    let source = event.source().strip_prefix("//").and_then(|source| source.split_once('/'));
    let (service, path) = source.ok_or_else(|| DecodeError::at("source", "expected //SERVICE/PATH"))?;
    let data = event.data().map_or(Ok("null"), |data| std::str::from_utf8(data));
    let data = data.ok().and_then(|data| serde_json::from_str::<&RawValue>(data).ok());
    let data = data.ok_or_else(|| DecodeError::at("data", "not JSON"))?;
    let kind = if row.product == Product::Storage { kind(data) } else { None };
    Ok(LegacyEvent {
        data: match row.product {
            Product::PubSub => data::message(data.get())?,
            Product::Auth => data::legacy_user(data.get())?,
            _ => data.to_owned(),
        },
        context: LegacyContext {
            event_id: event.id().to_owned(),
            event_type: row.legacy.to_owned(),
            timestamp: event.time(),
            resource: resource::join(row.product, service, path, event.subject(), kind)?,
        },
    })
}

/// What Cloud Storage calls a resource.
fn kind(data: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Resource {
        kind: Option<String>,
    }
    serde_json::from_str::<Resource>(data.get()).ok()?.kind
}
