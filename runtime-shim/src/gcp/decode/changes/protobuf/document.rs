use super::{key, map, message::Message, wire::Wire};
use crate::{
    DecodeError,
    gcp::decode::changes::{Documents, Product, place::Place, writer::Writer},
};

/// What a change was from and to, out of a `DocumentEventData` or an `EntityEventData`.
///
/// # Errors
/// No protobuf, or a value that is none; the path of its field is named.
pub(in crate::gcp::decode::changes) fn read(data: &[u8], product: Product) -> Result<Documents, DecodeError> {
    let (mut value, mut old_value) = (Message::default(), Message::default());
    let mut wire = Wire::new(data);
    while let Some((number, payload)) = wire.field()? {
        match number {
            1 => value.merge(payload.bytes().map_err(|malformed| malformed.at("value"))?),
            2 => old_value.merge(payload.bytes().map_err(|malformed| malformed.at("oldValue"))?),
            _ => {}
        }
    }
    let mut documents = Documents::default();
    documents.after = document(&value, product, &mut documents.place).map_err(|error| error.under("value"))?;
    documents.before = document(&old_value, product, &mut documents.place).map_err(|error| error.under("oldValue"))?;
    Ok(documents)
}

/// The plain JSON of a document, and where it stands; a message without fields is no document.
fn document(message: &Message<'_>, product: Product, place: &mut Option<Place>) -> Result<Option<String>, DecodeError> {
    if message.is_empty() {
        return Ok(None);
    }
    // JSON takes a little more than the wire: quotes, digits, base64.
    let mut to = Writer::with_capacity(message.len() + message.len() / 4);
    let found = match product {
        Product::Firestore => firestore(message, &mut to)?,
        Product::Datastore => datastore(message, &mut to)?,
    };
    *place = place.take().or(found);
    Ok(Some(to.into_text()))
}

/// A `Document`.
fn firestore(document: &Message<'_>, to: &mut Writer) -> Result<Option<Place>, DecodeError> {
    let mut name = "";
    map::write(document, 2, Product::Firestore, to, |number, payload| {
        if number == 1 {
            name = payload.text().map_err(|malformed| malformed.at("name"))?;
        }
        Ok(())
    })?;
    Ok(Place::of_name(name))
}

/// An `EntityResult`, which holds the entity.
fn datastore(result: &Message<'_>, to: &mut Writer) -> Result<Option<Place>, DecodeError> {
    let mut entity = Message::default();
    let mut fields = result.fields();
    while let Some((number, payload)) = fields.next()? {
        if number == 1 {
            entity.merge(payload.bytes().map_err(|malformed| malformed.at("entity"))?);
        }
    }
    if entity.is_empty() {
        return Err(DecodeError::at("entity", "missing"));
    }
    let mut key = Message::default();
    let properties = map::write(&entity, 3, Product::Datastore, to, |number, payload| {
        if number == 1 {
            key.merge(payload.bytes().map_err(|malformed| malformed.at("key"))?);
        }
        Ok(())
    });
    let place = properties.and_then(|()| key::read(&key)?.place().map_err(|error| error.under("key")));
    place.map(Some).map_err(|error| error.under("entity"))
}
