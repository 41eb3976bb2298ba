use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess},
};
use serde_json::value::RawValue;

use super::{
    form::{Form, Reading, once, skip},
    key,
    number::{Double, Integer},
};
use crate::{
    gcp::decode::changes::{as_object::AsObject, kind::Kind, path},
    text::Text,
};

/// Members, each with a typed value.
pub(super) fn members<'de, A: MapAccess<'de>>(mut map: A, reading: &mut Reading) -> Result<(), A::Error> {
    let object = reading.to.object().map_err(Error::custom)?;
    while let Some(Text(name)) = map.next_key()? {
        reading.to.member(&object, &name);
        let read = map.next_value_seed(Form::Value.of(reading));
        read.inspect_err(|_| reading.found_at(path::of_key(&name)))?;
    }
    reading.to.end_object(&object);
    Ok(())
}

/// Typed values.
pub(super) fn items<'de, A: SeqAccess<'de>>(mut seq: A, reading: &mut Reading) -> Result<(), A::Error> {
    reading.to.list().map_err(Error::custom)?;
    for index in 0.. {
        let read = seq.next_element_seed(Form::Value.of(reading));
        if read.inspect_err(|_| reading.found_at(path::of_index(index)))?.is_none() {
            break;
        }
        reading.to.end_item();
    }
    reading.to.end_list();
    Ok(())
}

/// The one member that a typed value has; others say something about it, such as whether it is in an index.
pub(super) fn value<'de, A: MapAccess<'de>>(mut map: A, reading: &mut Reading) -> Result<(), A::Error> {
    let mut is_written = false;
    while let Some(Text(name)) = map.next_key()? {
        match Kind::named(&name, reading.product) {
            Some(kind) => {
                once(&mut is_written)?;
                of_kind(&mut map, kind, reading)?;
            }
            None => skip(&mut map)?,
        }
    }
    // What a later version adds must not look like null.
    if is_written { Ok(()) } else { Err(Error::custom("expected a value of a known kind")) }
}

fn of_kind<'de, A: MapAccess<'de>>(map: &mut A, kind: Kind, reading: &mut Reading) -> Result<(), A::Error> {
    let name = kind.name();
    match kind {
        Kind::Null => {
            let Null = reading.plain(map, name)?;
            reading.to.literal("null");
        }
        Kind::Boolean => {
            let flag = reading.plain(map, name)?;
            reading.to.literal(if flag { "true" } else { "false" });
        }
        Kind::Integer => {
            let Integer(integer) = reading.plain(map, name)?;
            reading.to.integer(integer);
        }
        Kind::Double => {
            let Double(double) = reading.plain(map, name)?;
            reading.to.double(double);
        }
        Kind::GeoPoint => {
            let AsObject(Point { latitude, longitude }) = reading.plain(map, name)?;
            reading.to.point(latitude.0, longitude.0);
        }
        Kind::Key => {
            let AsObject(path): AsObject<key::Path<'_>> = reading.plain(map, name)?;
            let key = path.key();
            let Ok(text) = key.path() else {
                reading.found_at(name.to_owned());
                return Err(Error::custom("expected a key with a path"));
            };
            reading.to.string(text);
        }
        Kind::String | Kind::Reference => {
            // As it is written: to be read it would be gathered in a buffer, if anything in it is escaped.
            let text: &RawValue = reading.plain(map, name)?;
            if reading.to.json_string(text.get()).is_none() {
                reading.found_at(name.to_owned());
                return Err(Error::custom("expected a text"));
            }
        }
        Kind::Bytes | Kind::Blob | Kind::Timestamp | Kind::Map | Kind::Entity | Kind::Array => {
            reading.value(map, Form::Of(kind), name)?;
        }
    }
    Ok(())
}

/// The object that holds the members or the items of a value; without them it is empty.
pub(super) fn holder<'de, A: MapAccess<'de>>(mut map: A, kind: Kind, reading: &mut Reading) -> Result<(), A::Error> {
    let (held, form, empty) = match kind {
        Kind::Map => ("fields", Form::Members, "{}"),
        Kind::Entity => ("properties", Form::Members, "{}"),
        _ => ("values", Form::Items, "[]"),
    };
    let mut is_written = false;
    while let Some(Text(name)) = map.next_key()? {
        if name == held {
            once(&mut is_written)?;
            reading.value(&mut map, form, held)?;
        } else {
            skip(&mut map)?;
        }
    }
    if !is_written {
        reading.to.literal(empty);
    }
    Ok(())
}

/// Null, or its name in the enumeration.
struct Null;

impl<'de> Deserialize<'de> for Null {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match <&RawValue>::deserialize(deserializer)?.get() {
            "null" | "\"NULL_VALUE\"" => Ok(Self),
            _ => Err(Error::custom("expected null")),
        }
    }
}

/// A point on the earth; a coordinate that is zero may be left out.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Point {
    latitude: Double,
    longitude: Double,
}
