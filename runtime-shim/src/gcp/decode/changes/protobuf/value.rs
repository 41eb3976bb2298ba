use super::{
    key, map,
    message::Message,
    wire::{Malformed, Payload},
};
use crate::{
    DecodeError,
    gcp::decode::changes::{Product, kind::Kind, path, timestamp, writer::Writer},
};

/// Writes a `Value`. Of several kinds in it the last one counts.
pub(super) fn write(value: &Message<'_>, product: Product, to: &mut Writer) -> Result<(), DecodeError> {
    let mut found = None;
    let mut message = Message::default();
    let mut fields = value.fields();
    while let Some((number, payload)) = fields.next()? {
        let Some(kind) = Kind::numbered(number, product) else { continue };
        if let Payload::Bytes(bytes) = payload {
            match found {
                Some((have, _)) if have == kind => message.merge(bytes),
                _ => message = bytes.into(),
            }
        }
        found = Some((kind, payload));
    }
    // What a later version adds must not look like null.
    let (kind, payload) = found.ok_or_else(|| DecodeError::at("", "a value of no known kind"))?;
    of_kind(kind, payload, &message, product, to).map_err(|error| error.under(kind.name()))
}

fn of_kind(
    kind: Kind,
    payload: Payload<'_>,
    message: &Message<'_>,
    product: Product,
    to: &mut Writer,
) -> Result<(), DecodeError> {
    let message = || payload.bytes().map(|_| message);
    match kind {
        Kind::Null => {
            payload.varint()?;
            to.literal("null");
        }
        Kind::Boolean => to.literal(if payload.varint()? == 0 { "false" } else { "true" }),
        Kind::Integer => to.integer(payload.integer()?),
        Kind::Double => to.double(payload.double()?),
        Kind::String | Kind::Reference => to.string(payload.text()?),
        Kind::Bytes | Kind::Blob => to.bytes(payload.bytes()?),
        Kind::Map => map::write(message()?, 1, product, to, |_, _| Ok(()))?,
        Kind::Entity => map::write(message()?, 3, product, to, |_, _| Ok(()))?,
        Kind::Array => list(message()?, product, to)?,
        Kind::Key => to.string(key::read(message()?)?.path()?),
        Kind::Timestamp => {
            let (seconds, nanos) = two(message()?, Payload::integer)?;
            let at = timestamp::since_1970(seconds, nanos);
            to.timestamp(at.ok_or_else(|| DecodeError::at("", "not between the years 1 and 9999"))?);
        }
        Kind::GeoPoint => {
            let (latitude, longitude) = two(message()?, Payload::double)?;
            to.point(latitude, longitude);
        }
    }
    Ok(())
}

/// An `ArrayValue`.
fn list(message: &Message<'_>, product: Product, to: &mut Writer) -> Result<(), DecodeError> {
    to.list()?;
    let mut index = 0;
    let mut fields = message.fields();
    while let Some((number, payload)) = fields.next()? {
        if number == 1 {
            let value = payload.bytes().map_err(DecodeError::from);
            value
                .and_then(|value| write(&value.into(), product, to))
                .map_err(|error| error.under(&path::of_index(index)).under("values"))?;
            to.end_item();
            index += 1;
        }
    }
    to.end_list();
    Ok(())
}

/// The first two fields of a message, each zero if it is not there.
fn two<'a, T: Default>(message: &Message<'a>, read: fn(Payload<'a>) -> Result<T, Malformed>) -> Result<(T, T), Malformed> {
    let (mut first, mut second) = (T::default(), T::default());
    let mut fields = message.fields();
    while let Some((number, payload)) = fields.next()? {
        match number {
            1 => first = read(payload)?,
            2 => second = read(payload)?,
            _ => {}
        }
    }
    Ok((first, second))
}
