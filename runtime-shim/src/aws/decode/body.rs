use std::borrow::Cow;

use bytes::Bytes;

use super::{
    leaf::Leaf,
    reader::{Reader, Result},
    value::Value,
};
use crate::{DecodeError, base64};

/// The body of a request or of a message. It is kept as bytes: most of it may be base64, which is checked when it is decoded.
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
    pub(super) fn read(self, delivery: &Bytes, is_base64: &Leaf<'_>) -> std::result::Result<Bytes, DecodeError> {
        let is_base64 = match is_base64 {
            Leaf::Absent => false,
            Leaf::Flag(flag) => *flag,
            Leaf::Text(text) if text == "true" => true,
            Leaf::Text(text) if text == "false" => false,
            _ => return Err(DecodeError::at("isBase64Encoded", "not true or false")),
        };
        match self {
            Self::Bytes(bytes) if is_base64 => match base64::decode(bytes) {
                Ok(bytes) => Ok(Bytes::from(bytes)),
                Err(_) => Err(DecodeError::at("body", "invalid base64")),
            },
            plain => plain.plain(delivery).ok_or_else(|| DecodeError::at("body", "not a string")),
        }
    }

    /// The bytes as the string says them, which may be missing; `None` if it is no string.
    pub(super) fn plain(self, delivery: &Bytes) -> Option<Bytes> {
        match self {
            Self::Absent => Some(Bytes::new()),
            Self::Bytes(Cow::Borrowed(bytes)) => Some(delivery.slice_ref(bytes)),
            Self::Bytes(Cow::Owned(bytes)) => Some(Bytes::from(bytes)),
            Self::Other => None,
        }
    }
}

impl<'a> Value<'a> for Body<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        Ok(match reader.peek()? {
            b'"' => Self::Bytes(reader.bytes()?),
            first => reader.skip().map(|()| if first == b'n' { Self::Absent } else { Self::Other })?,
        })
    }
}
