use std::borrow::Cow;

use bytes::Bytes;

use super::leaf::Leaf;
use crate::{DecodeError, base64};

/// The bytes of a request's body: the delivery's own where they stand there as they are.
pub(super) fn read(delivery: &Bytes, body: &Leaf<'_>, is_base64: &Leaf<'_>) -> Result<Bytes, DecodeError> {
    let is_base64 = match is_base64 {
        Leaf::Absent => false,
        Leaf::Flag(flag) => *flag,
        Leaf::Text(text) if text == "true" => true,
        Leaf::Text(text) if text == "false" => false,
        _ => return Err(DecodeError::at("isBase64Encoded", "not true or false")),
    };
    match body {
        Leaf::Absent => Ok(Bytes::new()),
        Leaf::Text(text) if is_base64 => match base64::decode(text.as_bytes()) {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(_) => Err(DecodeError::at("body", "invalid base64")),
        },
        Leaf::Text(Cow::Borrowed(text)) => Ok(delivery.slice_ref(text.as_bytes())),
        Leaf::Text(Cow::Owned(text)) => Ok(Bytes::copy_from_slice(text.as_bytes())),
        _ => Err(DecodeError::at("body", "not a string")),
    }
}
