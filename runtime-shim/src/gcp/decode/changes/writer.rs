use std::fmt::{self, Write as _};

use jiff::civil::DateTime;
use serde_json::Number;

use super::{names::Names, timestamp};
use crate::{
    DecodeError, base64,
    event::{rewrite, string},
};

/// How deep values may stand in one another: twice what the database takes, and less than what stops the parsers of JSON.
///
/// Source: [limits](https://firebase.google.com/docs/firestore/quotas#limits), "maximum depth of fields in a map or array".
pub(super) const DEEPEST: usize = 40;

/// Writes plain JSON as it comes, in one pass; a name that comes twice in an object is written once, with its last value.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    names: Names,
    depth: usize,
}

/// An object that is being written.
#[derive(Debug)]
pub(super) struct Object {
    /// How many members stand around it.
    first: usize,
    start: usize,
}

/// Values stand too deep in one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected values no deeper in one another than {DEEPEST}")
    }
}

impl From<TooDeep> for DecodeError {
    fn from(error: TooDeep) -> Self {
        Self::at("", error.to_string())
    }
}

impl Writer {
    /// A writer with room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        // Most documents have less members than that at a time.
        Self { text: String::with_capacity(bytes), names: Names::with_capacity(32), depth: 0 }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn literal(&mut self, literal: &'static str) {
        self.text.push_str(literal);
    }

    pub(super) fn integer(&mut self, integer: i64) {
        // Writing to a String cannot fail.
        let _written = write!(self.text, "{integer}");
    }

    /// The shortest digits that give the same number back, always with a point or an exponent; a string where JSON has no number.
    pub(super) fn double(&mut self, double: f64) {
        match Number::from_f64(double) {
            Some(number) => {
                let _written = write!(self.text, "{number}");
            }
            None if double.is_nan() => self.literal("\"NaN\""),
            None => self.literal(if double > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" }),
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        string(text, &mut self.text);
    }

    /// A text that stands in JSON already; `None` if it is no text.
    pub(super) fn json_string(&mut self, json: &str) -> Option<()> {
        rewrite(json, &mut self.text)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.text.push('"');
        self.text.push_str(&base64::encode(bytes));
        self.text.push('"');
    }

    pub(super) fn timestamp(&mut self, at: DateTime) {
        self.text.push('"');
        timestamp::write(at, &mut self.text);
        self.text.push('"');
    }

    pub(super) fn point(&mut self, latitude: f64, longitude: f64) {
        self.literal("{\"latitude\":");
        self.double(latitude);
        self.literal(",\"longitude\":");
        self.double(longitude);
        self.literal("}");
    }

    /// Begins a list.
    pub(super) fn list(&mut self) -> Result<(), TooDeep> {
        self.deeper()?;
        self.text.push('[');
        Ok(())
    }

    pub(super) fn end_item(&mut self) {
        self.text.push(',');
    }

    pub(super) fn end_list(&mut self) {
        self.depth -= 1;
        // No item ends in a comma, and the last one needs none.
        if self.text.ends_with(',') {
            self.text.pop();
        }
        self.text.push(']');
    }

    /// Begins an object.
    pub(super) fn object(&mut self) -> Result<Object, TooDeep> {
        self.deeper()?;
        let start = self.text.len();
        self.text.push('{');
        Ok(Object { first: self.names.len(), start })
    }

    /// Begins the next member of an object.
    pub(super) fn member(&mut self, object: &Object, name: &str) {
        if self.names.len() > object.first {
            self.text.push(',');
        }
        let start = self.text.len();
        string(name, &mut self.text);
        self.names.push(name, start, self.text.len());
        self.text.push(':');
    }

    pub(super) fn end_object(&mut self, object: &Object) {
        if let Some(members) = self.names.end(object.first, &self.text) {
            self.text.truncate(object.start + 1);
            self.text.push_str(&members);
        }
        self.depth -= 1;
        self.text.push('}');
    }

    fn deeper(&mut self) -> Result<(), TooDeep> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(TooDeep) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::default();
        write(&mut writer);
        writer.into_text()
    }

    fn object(names: &[&str]) -> String {
        written(|to| {
            let object = to.object().unwrap();
            for (value, name) in (0..).zip(names) {
                to.member(&object, name);
                to.integer(value);
            }
            to.end_object(&object);
        })
    }

    #[test]
    fn a_name_stands_once_with_its_last_value() {
        for (names, want) in [
            (&[][..], "{}"),
            (&["a", "b"], r#"{"a":0,"b":1}"#),
            (&["b", "a", ""], r#"{"b":0,"a":1,"":2}"#),
            (&["a", "a"], r#"{"a":1}"#),
            (&["", "", ""], r#"{"":2}"#),
            (&["b", "a\"", "b", "c", "a\""], r#"{"b":2,"c":3,"a\"":4}"#),
        ] {
            assert_eq!(object(names), want, "{names:?}");
        }
    }

    #[test]
    fn objects_in_objects_keep_their_own_names() {
        let json = written(|to| {
            let outer = to.object().unwrap();
            for _ in 0..2 {
                to.member(&outer, "a");
                let inner = to.object().unwrap();
                for value in [1, 2] {
                    to.member(&inner, "a");
                    to.integer(value);
                }
                to.end_object(&inner);
            }
            to.member(&outer, "b");
            to.list().unwrap();
            to.literal("null");
            to.end_item();
            to.literal("true");
            to.end_item();
            to.end_list();
            to.end_object(&outer);
        });
        assert_eq!(json, r#"{"a":{"a":2},"b":[null,true]}"#);
    }

    #[test]
    fn a_double_is_a_number_that_is_no_integer_or_a_word() {
        for (double, want) in [
            (0.1, "0.1"),
            (3.0, "3.0"),
            (-0.0, "-0.0"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (f64::NAN, r#""NaN""#),
            (f64::INFINITY, r#""Infinity""#),
            (f64::NEG_INFINITY, r#""-Infinity""#),
        ] {
            assert_eq!(written(|to| to.double(double)), want);
        }
    }

    #[test]
    fn there_is_an_end_to_depth() {
        let mut to = Writer::default();
        for _ in 0..DEEPEST {
            to.list().unwrap();
        }
        assert!(to.object().is_err() && to.list().is_err());
    }
}
