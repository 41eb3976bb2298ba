use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{DecodeError, members::Members, text::Text};

/// The members of one object of ours, taken one by one; whatever is left at the end is an error.
///
/// Errors name the place under the path of the object.
pub(crate) struct Fields<'a> {
    path: String,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The members of the object that this text is, found at `path`.
    pub(crate) fn read(json: &'a str, path: impl Into<String>) -> Result<Self, DecodeError> {
        let path = path.into();
        let Members(members) = serde_json::from_str(json).map_err(|error| {
            if error.is_data() { DecodeError::at(&path, "expected an object") } else { DecodeError::json(error).under(&path) }
        })?;
        Ok(Self { path, members, asked: Vec::new() })
    }

    /// The place of a member.
    pub(crate) fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// An error at a member.
    pub(crate) fn wrong(&self, name: &str, reason: impl Into<String>) -> DecodeError {
        DecodeError::at(self.at(name), reason)
    }

    /// A member as it stands there.
    pub(crate) fn raw(&mut self, name: &'static str) -> Option<&'a RawValue> {
        self.asked.push(name);
        let at = self.members.iter().position(|(have, _)| have == name)?;
        Some(self.members.remove(at).1)
    }

    /// The same, which must be there.
    pub(crate) fn required(&mut self, name: &'static str) -> Result<&'a RawValue, DecodeError> {
        self.raw(name).ok_or_else(|| self.wrong(name, "missing"))
    }

    /// A member that is of this type, which `what` describes.
    pub(crate) fn of<T: Deserialize<'a>>(&mut self, name: &'static str, what: &str) -> Result<Option<T>, DecodeError> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        serde_json::from_str(raw.get()).map(Some).map_err(|_| self.wrong(name, format!("expected {what}")))
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, DecodeError> {
        self.of::<Text<'a>>(name, "a text").map(|text| text.map(|text| text.0.into_owned()))
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, name: &'static str) -> Result<String, DecodeError> {
        self.text(name)?.ok_or_else(|| self.wrong(name, "missing"))
    }

    /// A text that says something which `read` understands and `what` describes.
    pub(crate) fn word<T>(
        &mut self,
        name: &'static str,
        what: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, DecodeError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        read(&text).map(Some).ok_or_else(|| self.wrong(name, format!("expected {what}")))
    }

    /// The elements of an array; empty if there is none.
    #[cfg(feature = "local")]
    pub(crate) fn list(&mut self, name: &'static str) -> Result<Vec<&'a RawValue>, DecodeError> {
        self.of(name, "an array").map(Option::unwrap_or_default)
    }

    /// Ends the reading: nothing may be left.
    pub(crate) fn end(self) -> Result<(), DecodeError> {
        let Some((name, _)) = self.members.first() else { return Ok(()) };
        let reason = if self.asked.contains(&&**name) {
            "given twice".to_owned()
        } else if self.asked.is_empty() {
            "unknown member; none is expected here".to_owned()
        } else {
            format!("unknown member; there are {}", self.asked.join(", "))
        };
        // A name is the writer's own text, of any length.
        Err(self.wrong(&name.chars().take(100).collect::<String>(), reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_an_error() {
        let read = |json| {
            let mut fields = Fields::read(json, "queue")?;
            fields.text("name")?;
            fields.text("group")?;
            fields.end()
        };
        assert!(read(r#"{"name":"a"}"#).is_ok());
        for (json, want) in [
            (r#"{"name":"a","colour":1}"#, "queue.colour: unknown member; there are name, group"),
            (r#"{"name":"a","name":"b"}"#, "queue.name: given twice"),
            (r#"{"name":null}"#, "queue.name: expected a text"),
            (r#"["name"]"#, "queue: expected an object"),
        ] {
            assert_eq!(read(json).unwrap_err().to_string(), want);
        }
    }
}
