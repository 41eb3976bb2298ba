use http::header::{CONTENT_ENCODING, HeaderMap};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;

use crate::base64;

/// A body as a JSON string can carry it.
pub(super) enum Text<'a> {
    Plain(&'a str),
    Base64(&'a [u8]),
}

impl<'a> Text<'a> {
    /// Text wherever that loses nothing: behind a REST API that no binary media type is set for, a base64 body reaches
    /// the caller as base64.
    pub(super) fn of(headers: &HeaderMap, body: &'a [u8]) -> Self {
        match std::str::from_utf8(body) {
            Ok(text) if text.is_empty() || !headers.contains_key(CONTENT_ENCODING) => Self::Plain(text),
            _ => Self::Base64(body),
        }
    }

    pub(super) fn is_base64(&self) -> bool {
        matches!(self, Self::Base64(_))
    }

    /// How many bytes it takes in the reply, escapes aside.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Plain(text) => text.len(),
            Self::Base64(bytes) => bytes.len().div_ceil(3) * 4,
        }
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(text) => serializer.serialize_str(text),
            // There is nothing to escape in base64, and a raw value is not searched for it byte by byte.
            Self::Base64(bytes) => {
                RawValue::from_string(base64::encode_quoted(bytes)).map_err(S::Error::custom)?.serialize(serializer)
            }
        }
    }
}
