use std::fmt;

use http::{Method, header::CONTENT_TYPE};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::{message::Message, received::Received};
use crate::{DecodeError, event::is_json};

/// The members of a JSON body by which it is told what the body is, each still text, but for the message if `M` reads it at once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "M: Deserialize<'de>"))]
pub(super) struct Envelope<'a, M = Member<'a>> {
    pub(super) message: Option<M>,
    #[serde(borrow)]
    pub(super) subscription: Option<&'a RawValue>,
    #[serde(borrow)]
    delivery_attempt: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) context: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) event_type: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) resource: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) domain: Option<&'a RawValue>,
}

/// The member `message`.
pub(super) enum Member<'a> {
    /// A message, read.
    Message(Message<'a>),
    /// Text, since it is none.
    Unread(&'a RawValue),
}

impl<'a> Envelope<'a> {
    /// The members of a request's body, if it is posted as JSON and is an object.
    pub(super) fn of(delivery: Received<'a>) -> Option<Self> {
        let media_type = delivery.parts.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
        if delivery.parts.method != Method::POST || !media_type.is_none_or(is_json) {
            return None;
        }
        Self::read(delivery.body)
    }

    /// The members of a body; `None` if it is no object.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        // Without this an array of the right values would be read as well.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return None;
        }
        // Nearly every body with a message is a push, whose message is read in the same pass.
        serde_json::from_slice(body).ok().or_else(|| {
            let unread: Envelope<'a, &'a RawValue> = serde_json::from_slice(body).ok()?;
            let Envelope {
                message,
                subscription,
                delivery_attempt,
                data,
                context,
                event_type,
                event_id,
                timestamp,
                resource,
                domain,
            } = unread;
            let message = message.map(Member::Unread);
            Some(Self {
                message,
                subscription,
                delivery_attempt,
                data,
                context,
                event_type,
                event_id,
                timestamp,
                resource,
                domain,
            })
        })
    }
}

impl<M> Envelope<'_, M> {
    /// Which delivery of a message it is; only told where the subscription has a dead-letter topic.
    pub(super) fn attempt(&self) -> Result<u32, DecodeError> {
        let number = self.delivery_attempt.map(|number| number.get().trim_matches('"').parse());
        number.unwrap_or(Ok(1)).map_err(|_| DecodeError::at("deliveryAttempt", "not a whole number"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Member<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Member<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Message::deserialize(MapAccessDeserializer::new(map)).map(Member::Message)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A value that may be `null`, which an `Option` alone takes for none.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}
