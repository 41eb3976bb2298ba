use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::text::Text;
use crate::{DecodeError, without_value};

/// Reads `{"Data":{"<binding>":..},"Metadata":{..}}` in one pass and gives the value of this binding, compared letter for
/// letter, and the metadata, `None` where there is none.
///
/// # Errors
/// No such document; the error names the place, and for a missing binding the names that were there.
pub(super) fn read<'de, T, M>(json: &'de [u8], binding: &str) -> Result<(T, Option<M>), DecodeError>
where
    T: Deserialize<'de>,
    M: Deserialize<'de>,
{
    // serde_json does not look into the strings it skips; one check of all bytes does, and makes the parse cheaper.
    let text = std::str::from_utf8(json)
        .map_err(|error| DecodeError::at("", format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = || Envelope { binding, value: PhantomData::<(T, M)> };
    let envelope = seed().deserialize(&mut deserializer).map_err(|error| place(text, seed(), error))?;
    deserializer.end().map_err(DecodeError::json)?;
    let Some(data) = envelope.data else {
        return Err(DecodeError::unknown_shape(envelope.others.iter().map(|key| &**key)));
    };
    let value = data.value.ok_or_else(|| {
        let names = data.others.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { "nothing".to_owned() } else { names };
        DecodeError::at(format!("Data.{binding}"), format!("missing; Data has {names}, and letter case counts"))
    })?;
    Ok((value, envelope.metadata))
}

/// The same error with its path, found by reading a second time.
fn place<'de, S: DeserializeSeed<'de>>(text: &'de str, seed: S, error: serde_json::Error) -> DecodeError {
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    if seed.deserialize(tracked).is_ok() || error.is_eof() || error.is_syntax() {
        return DecodeError::json(error);
    }
    let path = track.path().to_string();
    // What our own types say quotes nothing; what serde says beside an expectation may.
    let reason = error.to_string();
    let reason = if reason.contains(", expected ") { without_value(&reason) } else { reason };
    DecodeError::at(if path == "." { String::new() } else { path }, reason)
}

struct Envelope<'a, T, M> {
    binding: &'a str,
    value: PhantomData<(T, M)>,
}

/// What was found in an object: the value that was looked for, and the names of the others.
struct Found<'de, T> {
    value: Option<T>,
    others: Vec<Cow<'de, str>>,
}

struct Read<'de, T, M> {
    data: Option<Found<'de, T>>,
    metadata: Option<M>,
    others: Vec<Cow<'de, str>>,
}

impl<'de, T: Deserialize<'de>, M: Deserialize<'de>> DeserializeSeed<'de> for Envelope<'_, T, M> {
    type Value = Read<'de, T, M>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, M: Deserialize<'de>> Visitor<'de> for Envelope<'_, T, M> {
    type Value = Read<'de, T, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `Data` and `Metadata`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = Read { data: None, metadata: None, others: Vec::new() };
        while let Some(Text(key)) = map.next_key()? {
            if key == "Metadata" {
                read.metadata = map.next_value()?;
                read.others.push(key);
            } else if key != "Data" {
                map.next_value::<IgnoredAny>()?;
                read.others.push(key);
            } else if read.data.is_some() {
                return Err(A::Error::duplicate_field("Data"));
            } else {
                read.data = Some(map.next_value_seed(Data { binding: self.binding, value: PhantomData::<T> })?);
            }
        }
        Ok(read)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom("expected an object with `Data` and `Metadata`, found text"))
    }
}

struct Data<'a, T> {
    binding: &'a str,
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Data<'_, T> {
    type Value = Found<'de, T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Data<'_, T> {
    type Value = Found<'de, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the value of each binding")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Found { value: None, others: Vec::new() };
        while let Some(Text(name)) = map.next_key()? {
            if name != self.binding {
                map.next_value::<IgnoredAny>()?;
                found.others.push(name);
            } else if found.value.is_some() {
                return Err(A::Error::custom(format!("two values named `{name}`")));
            } else {
                found.value = Some(map.next_value()?);
            }
        }
        Ok(found)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom("expected an object with the value of each binding, found text"))
    }
}
