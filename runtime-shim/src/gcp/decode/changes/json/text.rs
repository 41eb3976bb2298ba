use serde::de::Error;

use crate::{
    base64,
    gcp::decode::changes::{kind::Kind, timestamp, writer::Writer},
};

/// Writes the text of a value of this kind.
pub(super) fn write<E: Error>(text: &str, kind: Kind, to: &mut Writer) -> Result<(), E> {
    match kind {
        Kind::Bytes | Kind::Blob if base64::decode(text).is_err() => return Err(E::custom("expected base64")),
        Kind::Timestamp => {
            let at = timestamp::parse(text);
            to.timestamp(at.ok_or_else(|| E::custom("expected an RFC 3339 time between the years 1 and 9999"))?);
        }
        _ => to.string(text),
    }
    Ok(())
}
