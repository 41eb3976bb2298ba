//! Events of Event Grid, in its own schema and as CloudEvents: of an `eventGridTrigger`, and of an `httpTrigger` that Event
//! Grid calls as a webhook.
//!
//! Source: [Azure Event Grid trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-grid-trigger).

mod blob;
mod cloud_event;
mod grid_event;
mod handshake;
mod webhook;

use serde_json::value::RawValue;

pub(crate) use self::{handshake::handshake, webhook::webhook};
use super::{delivery::Delivery, fact::Fact, members::Members};
use crate::{
    DecodeError, Event, Provider, Trigger,
    azure::Declaration,
    event::{Kind, Time},
    unescape::unescape,
};

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let place = format!("Data.{}", delivery.binding().name);
    let inner = unescape(delivery.value);
    let facts = super::facts::Facts::of_one(&delivery.metadata, None);
    let events = if delivery.is_many() {
        let array = inner.ok_or_else(|| delivery.error("expected an array in a string (cardinality many)"))?;
        all(&array, &place, delivery.function)?
    } else {
        vec![one(inner.as_deref().unwrap_or(delivery.value), &place, delivery.function)?]
    };
    let attempt = facts.attempt();
    Ok(events.into_iter().map(|event| event.with_raw(delivery.raw().clone()).with_attempt(attempt)).collect())
}

/// The events of an array.
fn all(json: &str, place: &str, function: &Declaration) -> Result<Vec<Event>, DecodeError> {
    let list: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| DecodeError::at(place, "expected an array of events"))?;
    list.iter().enumerate().map(|(index, event)| one(event.get(), &format!("{place}[{index}]"), function)).collect()
}

/// One event, whose own top level tells its schema.
fn one(json: &str, place: &str, function: &Declaration) -> Result<Event, DecodeError> {
    let members = Members::read(json).ok_or_else(|| DecodeError::at(place, "expected an event as an object"))?;
    let read = if members.get("specversion").is_some() {
        cloud_event::read(&members)
    } else if members.get("eventType").is_some() {
        grid_event::read(&members)
    } else {
        Err(DecodeError::unknown_shape(members.iter().map(|(name, _)| name)))
    };
    read.and_then(|parts| parts.into_event(function)).map_err(|error| error.under(place))
}

/// What both schemas tell.
struct Parts<'a> {
    id: String,
    source: String,
    ty: String,
    subject: Option<String>,
    time: Option<Time>,
    datacontenttype: Option<String>,
    dataschema: Option<String>,
    data: Vec<u8>,
    /// The data as JSON text, where it is JSON.
    json: Option<&'a str>,
    attributes: Vec<(String, String)>,
}

impl Parts<'_> {
    fn into_event(self, function: &Declaration) -> Result<Event, DecodeError> {
        // A function of custom events takes a storage account's too, under their own type.
        let object = if function.kind() == Kind::Event { None } else { blob::object(&self)? };
        let event = match object {
            // The data tells of the object and is not its content.
            Some(object) => Event::new(Provider::Azure, Trigger::Object(Box::new(object))),
            None => Event::new(Provider::Azure, Trigger::Event)
                .with_type(self.ty)
                .with_data(self.data, self.datacontenttype.as_deref()),
        };
        let mut event = event.with_id(self.id).with_source(self.source).with_time(self.time);
        if let Some(subject) = self.subject {
            event = event.with_subject(subject);
        }
        if let Some(schema) = self.dataschema {
            event = event.with_dataschema(schema);
        }
        Ok(super::delivery::attributed(event, self.attributes))
    }
}

/// A member that must be a text.
fn required(members: &Members<'_>, name: &str) -> Result<String, DecodeError> {
    let missing = || DecodeError::at(name, "missing, or not a text");
    members.get(name).and_then(|json| Fact::plain(json).text()).ok_or_else(missing)
}

/// A member that may be a text.
fn text(members: &Members<'_>, name: &str) -> Option<String> {
    members.get(name).and_then(|json| Fact::plain(json).text())
}

/// A member that is there and not null, as JSON text.
fn present<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
    members.get(name).filter(|json| *json != "null")
}
