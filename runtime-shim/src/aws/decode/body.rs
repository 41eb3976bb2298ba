use std::{borrow::Cow, fmt};

use bytes::Bytes;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Visitor};
use serde_json::value::RawValue;

use super::leaf::Leaf;
use crate::{DecodeError, base64, unescape::unescape};

/// The member `body` of a request. It is kept as bytes: most of it may be base64, which is checked when it is decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Body<'a> {
    /// Missing, or `null`, which counts as missing.
    #[default]
    Absent,
    /// What a string says.
    Bytes(Cow<'a, [u8]>),
    Other,
}

impl Body<'_> {
    /// The bytes of a request's body: the delivery's own where they stand there as they are.
    pub(super) fn read(self, delivery: &Bytes, is_base64: &Leaf<'_>) -> Result<Bytes, DecodeError> {
        let is_base64 = match is_base64 {
            Leaf::Absent => false,
            Leaf::Flag(flag) => *flag,
            Leaf::Text(text) if text == "true" => true,
            Leaf::Text(text) if text == "false" => false,
            _ => return Err(DecodeError::at("isBase64Encoded", "not true or false")),
        };
        match self {
            Self::Absent => Ok(Bytes::new()),
            Self::Bytes(bytes) if is_base64 => match base64::decode(bytes) {
                Ok(bytes) => Ok(Bytes::from(bytes)),
                Err(_) => Err(DecodeError::at("body", "invalid base64")),
            },
            Self::Bytes(Cow::Borrowed(bytes)) => Ok(delivery.slice_ref(bytes)),
            Self::Bytes(Cow::Owned(bytes)) => Ok(Bytes::from(bytes)),
            Self::Other => Err(DecodeError::at("body", "not a string")),
        }
    }
}

impl<'a> From<Leaf<'a>> for Body<'a> {
    fn from(leaf: Leaf<'a>) -> Self {
        match leaf {
            Leaf::Absent => Self::Absent,
            Leaf::Text(Cow::Borrowed(text)) => Self::Bytes(Cow::Borrowed(text.as_bytes())),
            Leaf::Text(Cow::Owned(text)) => Self::Bytes(Cow::Owned(text.into_bytes())),
            _ => Self::Other,
        }
    }
}

/// Reads the member from what follows its name in the delivery.
pub(super) struct Reader<'t>(pub(super) &'t str);

impl Reader<'_> {
    /// Whether the string that follows, if it is one, has an escape.
    fn is_escaped(&self) -> bool {
        // One quote ends the name, and the next one begins the string.
        let string = self.0.splitn(3, '"').nth(2).unwrap_or_default().as_bytes();
        memchr::memchr2(b'"', b'\\', string).and_then(|at| string.get(at)) == Some(&b'\\')
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Body<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Body<'de>, D::Error> {
        if !self.is_escaped() {
            return deserializer.deserialize_option(BodyVisitor);
        }
        match <Option<&'de RawValue>>::deserialize(deserializer)? {
            None => Ok(Body::Absent),
            Some(json) => match unescape(json.get()) {
                Some(text) => Ok(Body::Bytes(Cow::Owned(text.into_owned().into_bytes()))),
                None => Err(de::Error::custom("expected a string")),
            },
        }
    }
}

/// Reads a string or `null` and fails on all else. The end of a string is found by the processor's widest instructions, where
/// serde_json reads text eight bytes at a time, in search of control characters too: those pass here.
struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = Body<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_none<E: de::Error>(self) -> Result<Body<'de>, E> {
        Ok(Body::Absent)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Body<'de>, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Body<'de>, E> {
        Ok(Body::Bytes(Cow::Borrowed(bytes)))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Body<'de>, E> {
        // Only half a surrogate pair in an escape makes text into something else.
        std::str::from_utf8(bytes).map_err(E::custom)?;
        Ok(Body::Bytes(Cow::Owned(bytes.to_owned())))
    }
}
