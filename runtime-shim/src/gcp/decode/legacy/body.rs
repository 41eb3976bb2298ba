use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    event_type::EventType,
    legacy_event::{LegacyContext, LegacyResource},
};
use crate::{DecodeError, event::Time, gcp::decode::envelope::Envelope};

/// The body of a background event, each value still text.
pub(in crate::gcp::decode) struct Body<'a> {
    pub(super) data: &'a RawValue,
    pub(super) event_type: String,
    pub(super) event_id: Option<&'a RawValue>,
    pub(super) timestamp: Option<&'a RawValue>,
    pub(super) resource: Option<&'a RawValue>,
    pub(super) domain: Option<&'a RawValue>,
    nested: bool,
}

/// The facts of an event where they are not at the root.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Context<'a> {
    #[serde(borrow)]
    event_type: Option<&'a RawValue>,
    #[serde(borrow)]
    event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

impl<'a> Body<'a> {
    /// The background event in a body with these members; `None` unless they are data and the type of an event.
    pub(in crate::gcp::decode) fn of(envelope: &Envelope<'a>) -> Option<Self> {
        let data = envelope.data?;
        let context = envelope.context.filter(|context| context.get().starts_with('{'));
        let context: Option<Context<'a>> = context.and_then(|context| serde_json::from_str(context.get()).ok());
        let context = context.unwrap_or_default();
        Some(Self {
            data,
            event_type: serde_json::from_str(context.event_type.or(envelope.event_type)?.get()).ok()?,
            event_id: context.event_id.or(envelope.event_id),
            timestamp: context.timestamp.or(envelope.timestamp),
            resource: context.resource.or(envelope.resource),
            domain: envelope.domain,
            nested: context.event_type.is_some(),
        })
    }

    /// Whether its type is a known one.
    pub(in crate::gcp::decode) fn is_known(&self) -> bool {
        EventType::of_legacy(&self.event_type).is_some()
    }

    /// What its type is in a CloudEvent.
    pub(super) fn row(&self) -> Result<&'static EventType, DecodeError> {
        EventType::of_legacy(&self.event_type).ok_or_else(|| {
            // The caller's own text, of any length.
            let name: String = self.event_type.chars().take(100).collect();
            DecodeError::at(self.place("eventType"), format!("no known type of a background event: {name:?}"))
        })
    }

    /// The facts of the event, typed.
    pub(super) fn context(&self) -> Result<LegacyContext, DecodeError> {
        Ok(LegacyContext {
            event_id: self.text("eventId", self.event_id)?,
            event_type: self.event_type.clone(),
            timestamp: match self.timestamp {
                Some(timestamp) => {
                    let time = Time::parse(&self.text("timestamp", Some(timestamp))?);
                    Some(time.ok_or_else(|| DecodeError::at(self.place("timestamp"), "not an RFC 3339 time with an offset"))?)
                }
                None => None,
            },
            resource: self.resource()?,
        })
    }

    fn resource(&self) -> Result<LegacyResource, DecodeError> {
        #[derive(Deserialize)]
        struct Full {
            service: Option<String>,
            name: String,
            r#type: Option<String>,
        }
        let resource = self.resource.ok_or_else(|| DecodeError::at(self.place("resource"), "missing"))?.get();
        let read = if resource.starts_with('{') {
            serde_json::from_str(resource).map(|Full { service, name, r#type }| LegacyResource::Full {
                service,
                name,
                ty: r#type,
            })
        } else {
            serde_json::from_str(resource).map(LegacyResource::Name)
        };
        read.map_err(|_| DecodeError::at(self.place("resource"), "expected a name, or an object with one"))
    }

    fn text(&self, name: &str, value: Option<&RawValue>) -> Result<String, DecodeError> {
        let value = value.ok_or_else(|| DecodeError::at(self.place(name), "missing"))?;
        serde_json::from_str(value.get()).map_err(|_| DecodeError::at(self.place(name), "expected a text"))
    }

    /// Where a fact stands, or should.
    pub(super) fn place(&self, name: &str) -> String {
        if self.nested { format!("context.{name}") } else { name.to_owned() }
    }
}
