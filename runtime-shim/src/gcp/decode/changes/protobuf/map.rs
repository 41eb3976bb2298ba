use super::{
    message::Message,
    value,
    wire::{Payload, Wire},
};
use crate::{
    DecodeError,
    gcp::decode::changes::{
        Product, path,
        writer::{Object, Writer},
    },
};

/// Writes the entries in the field `number` of a message as an object; `other` gets its other fields.
pub(super) fn write<'a>(
    message: &Message<'a>,
    number: u32,
    product: Product,
    to: &mut Writer,
    mut other: impl FnMut(u32, Payload<'a>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let object = to.object()?;
    let mut fields = message.fields();
    while let Some((found, payload)) = fields.next()? {
        if found == number {
            entry(payload, product, &object, to).map_err(|error| error.under(product.members()))?;
        } else {
            other(found, payload)?;
        }
    }
    to.end_object(&object);
    Ok(())
}

/// Key and value may stand in any order; an empty key may be left out.
fn entry(payload: Payload<'_>, product: Product, object: &Object, to: &mut Writer) -> Result<(), DecodeError> {
    let (mut key, mut value) = ("", Message::default());
    let mut wire = Wire::new(payload.bytes()?);
    while let Some((number, payload)) = wire.field()? {
        match number {
            1 => key = payload.text()?,
            2 => value.merge(payload.bytes()?),
            _ => {}
        }
    }
    to.member(object, key);
    value::write(&value, product, to).map_err(|error| error.under(&path::of_key(key)))
}
