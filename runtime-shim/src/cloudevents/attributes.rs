use std::borrow::Cow;

use super::CloudEvent;
use crate::{DecodeError, event::Time};

/// The event whose attributes were sent as plain text, with no encoding; it has no data yet. `prefix` stands before a name in
/// an error.
///
/// # Errors
/// A required attribute that is missing or empty, one that came twice, or a time that is none; it is named.
pub fn decode_attributes<'a>(
    attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
    prefix: &'static str,
) -> Result<CloudEvent, DecodeError> {
    let mut read = Attributes::at(prefix);
    for (name, value) in attributes {
        read.set(name, value.to_owned())?;
    }
    read.finish()
}

/// The attributes read so far, each at most once.
#[derive(Default)]
pub(super) struct Attributes {
    event: CloudEvent,
    specversion: Option<String>,
    /// What stands before an attribute's name in an error.
    place: &'static str,
}

impl Attributes {
    /// None yet; `place` stands before an attribute's name in an error.
    pub(super) fn at(place: &'static str) -> Self {
        Self { place, ..Self::default() }
    }

    /// Takes one attribute.
    pub(super) fn set(&mut self, name: &str, value: String) -> Result<(), DecodeError> {
        let refused = |reason| DecodeError::at(format!("{}{name}", self.place), reason);
        let event = &mut self.event;
        let lower = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            name.to_ascii_lowercase().into()
        } else {
            Cow::Borrowed(name)
        };
        // Beside the data of an event in JSON, there would be two.
        if matches!(&*lower, "data" | "data_base64") {
            return Err(refused("a name that no attribute can have"));
        }
        if event.extension(&lower).is_some() {
            return Err(refused("given twice"));
        }
        let once =
            |field: &mut Option<String>, value| if field.replace(value).is_some() { Err(refused("given twice")) } else { Ok(()) };
        let required = |field: &mut String, value: String| match (field.is_empty(), value.is_empty()) {
            (false, _) => Err(refused("given twice")),
            (true, true) => Err(refused("empty")),
            (true, false) => {
                *field = value;
                Ok(())
            }
        };
        match &*lower {
            "specversion" => once(&mut self.specversion, value),
            "id" => required(&mut event.id, value),
            "source" => required(&mut event.source, value),
            "type" => required(&mut event.ty, value),
            "subject" => once(&mut event.subject, value),
            "datacontenttype" => once(&mut event.datacontenttype, value),
            "dataschema" => once(&mut event.dataschema, value),
            "time" if event.time.is_some() => Err(refused("given twice")),
            "time" => match Time::parse(&value) {
                time @ Some(_) => {
                    event.time = time;
                    Ok(())
                }
                // A moment finer than nine digits stays text, as an extension, since nothing may be lost.
                None if digits(&value) > 9 => {
                    event.extensions.push((lower.into_owned(), value));
                    Ok(())
                }
                None => Err(refused("not an RFC 3339 time with an offset")),
            },
            _ => {
                event.extensions.push((lower.into_owned(), value));
                Ok(())
            }
        }
    }

    /// The event, if the four required attributes are there.
    pub(super) fn finish(self) -> Result<CloudEvent, DecodeError> {
        let event = &self.event;
        let specversion = self.specversion.as_deref();
        for (name, is_missing) in [
            ("id", event.id.is_empty()),
            ("source", event.source.is_empty()),
            ("specversion", specversion.is_none()),
            ("type", event.ty.is_empty()),
        ] {
            if is_missing {
                return Err(DecodeError::at(format!("{}{name}", self.place), "missing, and a CloudEvent must have it"));
            }
        }
        if specversion != Some("1.0") {
            return Err(DecodeError::at(format!("{}specversion", self.place), "a version other than 1.0"));
        }
        Ok(self.event)
    }
}

/// How many digits a time has behind the point.
fn digits(time: &str) -> usize {
    time.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count())
}
