use serde_json::value::RawValue;

use crate::{DecodeError, members::Members};

/// One value of plain JSON; what stands inside of it is still text.
pub(super) enum Node<'a> {
    Null,
    Flag(bool),
    Integer(i64),
    Double(f64),
    Text(String),
    List(Vec<&'a RawValue>),
    Object(Members<'a>),
}

impl<'a> Node<'a> {
    pub(super) fn read(json: &'a str) -> Result<Self, DecodeError> {
        let json = json.trim();
        let read = match json.as_bytes().first() {
            Some(b'{') => Members::read(json).map(Self::Object),
            Some(b'[') => serde_json::from_str(json).ok().map(Self::List),
            Some(b'"') => serde_json::from_str(json).ok().map(Self::Text),
            _ => match json {
                "null" => Some(Self::Null),
                "true" => Some(Self::Flag(true)),
                "false" => Some(Self::Flag(false)),
                number => return Self::number(number),
            },
        };
        read.ok_or_else(|| DecodeError::at("", "not JSON"))
    }

    fn number(number: &str) -> Result<Self, DecodeError> {
        if let Ok(integer) = number.parse() {
            return Ok(Self::Integer(integer));
        }
        let double = number.parse().ok().filter(|double: &f64| double.is_finite() && number.contains(['.', 'e', 'E']));
        double.map(Self::Double).ok_or_else(|| DecodeError::at("", "neither a whole number of 64 bits nor a double"))
    }
}
