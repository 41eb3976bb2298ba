use http::header::{CONTENT_ENCODING, HeaderMap};
use serde::{Serialize, Serializer};

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
            Self::Base64(bytes) => serializer.serialize_str(&base64::encode(bytes)),
        }
    }
}
