use std::borrow::Cow;

use super::{
    reader::{Malformed, Reader, Result},
    value::Value,
};

/// A member that should be text, a number or a flag, and may be anything: which it is, is for the shape to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Leaf<'a> {
    /// Missing, or `null`, which counts as missing.
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Integer(i64),
    Float(f64),
    Flag(bool),
    Array,
    Object,
}

impl<'a> Leaf<'a> {
    /// The text, if it is text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The whole number, however it is written: `1`, `"1"` or `1.0`.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => digits(text).or_else(|| text.parse().ok()),
            // Its decimal text is exact for every whole number that an f64 holds.
            Self::Float(number) if number.fract() == 0.0 => number.to_string().parse().ok(),
            _ => None,
        }
    }

    /// The number that is written like this. One that no `i64` holds is no member that is read as a whole number.
    fn number(text: &str) -> Result<Self> {
        if let Some(number) = digits(text).or_else(|| text.parse().ok()) {
            return Ok(Self::Integer(number));
        }
        let float = text.parse().ok().filter(|float: &f64| float.is_finite());
        float.map(Self::Float).ok_or(Malformed("number out of range"))
    }
}

/// The number that these digits are, if they are few enough to be one for sure: that takes half of what a parser does.
fn digits(text: &str) -> Option<i64> {
    let is_short = (1..=18).contains(&text.len());
    let digit = |number: i64, byte: u8| Some(number * 10 + i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?));
    if is_short { text.bytes().try_fold(0, digit) } else { None }
}

impl<'a> Value<'a> for Leaf<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        Ok(match reader.peek()? {
            b'"' => Self::Text(reader.string()?),
            b'{' => reader.skip().map(|_| Self::Object)?,
            b'[' => reader.skip().map(|_| Self::Array)?,
            b'n' => reader.word().map(|_| Self::Absent)?,
            b't' | b'f' => Self::Flag(reader.word()? == "true"),
            _ => Self::number(reader.number()?)?,
        })
    }
}
