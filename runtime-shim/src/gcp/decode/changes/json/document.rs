use serde::de::{DeserializeSeed, Error, MapAccess};

use super::{
    form::{Form, Reading, once, skip},
    key,
};
use crate::{
    DecodeError,
    gcp::decode::changes::{Documents, Product, as_object::AsObject, place::Place, writer::Writer},
    text::Text,
    without_value,
};

/// What a change was from and to, out of a `DocumentEventData` or an `EntityEventData`.
///
/// # Errors
/// No JSON, or a value that is none; the path of its member is named.
pub(in crate::gcp::decode::changes) fn read(data: &[u8], product: Product) -> Result<Documents, DecodeError> {
    let text = std::str::from_utf8(data).map_err(|_| DecodeError::at("", "not UTF-8"))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // Types and names of members make up half of it.
    let mut reading = Reading::new(product, text.len() / 2);
    let read = Form::Data.of(&mut reading).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match read {
        Ok(()) => Ok(reading.documents),
        Err(error) if error.is_data() => Err(DecodeError::at(reading.path(), without_value(&error.to_string()))),
        Err(error) => Err(DecodeError::at(reading.path(), error.to_string())),
    }
}

/// The members of the data.
pub(super) fn data<'de, A: MapAccess<'de>>(mut map: A, reading: &mut Reading) -> Result<(), A::Error> {
    while let Some(Text(name)) = map.next_key()? {
        match &*name {
            "value" => {
                reading.value(&mut map, Form::Document, "value")?;
                reading.documents.after = reading.written.take();
            }
            "oldValue" => {
                reading.value(&mut map, Form::Document, "oldValue")?;
                reading.documents.before = reading.written.take();
            }
            _ => skip(&mut map)?,
        }
    }
    Ok(())
}

/// The members of a document, or of what holds an entity; without any it is none.
pub(super) fn document<'de, A: MapAccess<'de>>(mut map: A, reading: &mut Reading) -> Result<(), A::Error> {
    let (mut is_empty, mut is_written) = (true, false);
    reading.to = Writer::with_capacity(reading.room);
    while let Some(Text(name)) = map.next_key()? {
        is_empty = false;
        match (&*name, reading.product) {
            ("name", Product::Firestore) => {
                let name: Option<Text<'_>> = reading.plain(&mut map, "name")?;
                reading.stands_at(name.and_then(|Text(name)| Place::of_name(&name)));
            }
            ("fields", Product::Firestore) => {
                once(&mut is_written)?;
                reading.value(&mut map, Form::Members, "fields")?;
            }
            ("entity", Product::Datastore) => {
                once(&mut is_written)?;
                reading.value(&mut map, Form::Entity, "entity")?;
            }
            _ => skip(&mut map)?,
        }
    }
    match reading.product {
        _ if is_empty => return Ok(()),
        Product::Datastore if !is_written => return Err(Error::missing_field("entity")),
        Product::Firestore if !is_written => reading.to.literal("{}"),
        _ => {}
    }
    reading.written = Some(std::mem::take(&mut reading.to).into_text());
    Ok(())
}

/// The members of the entity that changed; its key says where it stands.
pub(super) fn entity<'de, A: MapAccess<'de>>(mut map: A, reading: &mut Reading) -> Result<(), A::Error> {
    let (mut place, mut is_written) = (None, false);
    while let Some(Text(name)) = map.next_key()? {
        match &*name {
            "key" => {
                let AsObject(path): AsObject<key::Path<'_>> = reading.plain(&mut map, "key")?;
                place = Some(path.key().place());
            }
            "properties" => {
                once(&mut is_written)?;
                reading.value(&mut map, Form::Members, "properties")?;
            }
            _ => skip(&mut map)?,
        }
    }
    match place {
        Some(Ok(place)) => reading.stands_at(Some(place)),
        Some(Err(_)) => return Err(Error::custom("expected a key with a path")),
        None => return Err(Error::missing_field("key")),
    }
    if !is_written {
        reading.to.literal("{}");
    }
    Ok(())
}
