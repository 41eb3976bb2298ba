use super::CloudEvent;
use crate::{DecodeError, event::Time};

/// The event whose attributes were sent as plain text, with no encoding; it has no data yet. `prefix` stands before a name in
/// an error.
///
/// # Errors
/// A required attribute that is missing or empty, one that came twice, or a time that is none; it is named.
pub fn decode_attributes<'a>(
    attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
    prefix: &str,
) -> Result<CloudEvent, DecodeError> {
    let mut read = Attributes::default();
    for (name, value) in attributes {
        read.set(name, value.to_owned(), &format!("{prefix}{name}"))?;
    }
    read.finish(prefix)
}

/// The attributes read so far, each at most once.
#[derive(Default)]
pub(super) struct Attributes {
    event: CloudEvent,
    specversion: Option<String>,
    seen: Vec<String>,
}

impl Attributes {
    /// Takes one attribute; `path` is what an error names.
    pub(super) fn set(&mut self, name: &str, value: String, path: &str) -> Result<(), DecodeError> {
        let name = name.to_ascii_lowercase();
        if self.seen.contains(&name) {
            return Err(DecodeError::at(path, "given twice"));
        }
        match name.as_str() {
            "specversion" => self.specversion = Some(value),
            "id" => self.event.id = required(value, path)?,
            "source" => self.event.source = required(value, path)?,
            "type" => self.event.ty = required(value, path)?,
            "subject" => self.event.subject = Some(value),
            "datacontenttype" => self.event.datacontenttype = Some(value),
            "dataschema" => self.event.dataschema = Some(value),
            "time" => self.set_time(value, path)?,
            // Beside the data of an event in JSON, there would be two.
            "data" | "data_base64" => return Err(DecodeError::at(path, "a name that no attribute can have")),
            _ => self.event.extensions.push((name.clone(), value)),
        }
        self.seen.push(name);
        Ok(())
    }

    /// A moment finer than nine digits stays text, as an extension, since nothing may be lost.
    fn set_time(&mut self, value: String, path: &str) -> Result<(), DecodeError> {
        let digits = value.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
        match Time::parse(&value) {
            Some(time) => self.event.time = Some(time),
            None if digits > 9 => self.event.extensions.push(("time".into(), value)),
            None => return Err(DecodeError::at(path, "not an RFC 3339 time with an offset")),
        }
        Ok(())
    }

    /// The event, if the four required attributes are there. `prefix` stands before a name in an error.
    pub(super) fn finish(self, prefix: &str) -> Result<CloudEvent, DecodeError> {
        for name in ["id", "source", "specversion", "type"] {
            if !self.seen.iter().any(|have| have == name) {
                return Err(DecodeError::at(format!("{prefix}{name}"), "missing, and a CloudEvent must have it"));
            }
        }
        if self.specversion.as_deref() != Some("1.0") {
            return Err(DecodeError::at(format!("{prefix}specversion"), "a version other than 1.0"));
        }
        Ok(self.event)
    }
}

fn required(value: String, path: &str) -> Result<String, DecodeError> {
    if value.is_empty() { Err(DecodeError::at(path, "empty")) } else { Ok(value) }
}
