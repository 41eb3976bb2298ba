use super::{message::Message, wire::Wire};
use crate::{
    DecodeError,
    gcp::decode::changes::{key::Key, path},
};

/// Reads a `Key`; what partition it is in does not count.
pub(super) fn read(message: &Message<'_>) -> Result<Key, DecodeError> {
    let mut key = Key::default();
    let mut index = 0;
    let mut fields = message.fields();
    while let Some((number, payload)) = fields.next()? {
        if number == 2 {
            let bytes = payload.bytes().map_err(DecodeError::from);
            bytes
                .and_then(|bytes| element(bytes, &mut key))
                .map_err(|error| error.under(&path::of_index(index)).under("path"))?;
            index += 1;
        }
    }
    Ok(key)
}

/// A `PathElement`: of a number and a name the last one counts.
fn element(bytes: &[u8], key: &mut Key) -> Result<(), DecodeError> {
    let (mut kind, mut name, mut digits) = ("", None, None);
    let mut wire = Wire::new(bytes);
    while let Some((number, payload)) = wire.field()? {
        match number {
            1 => kind = payload.text().map_err(|malformed| malformed.at("kind"))?,
            2 => {
                let id = payload.integer().map_err(|malformed| malformed.at("id"))?;
                (digits, name) = (Some(id.to_string()), None);
            }
            3 => {
                let text = payload.text().map_err(|malformed| malformed.at("name"))?;
                (digits, name) = (None, Some(text));
            }
            _ => {}
        }
    }
    key.push(kind, digits.as_deref().or(name));
    Ok(())
}
