use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{
    DecodeError,
    azure::{Binding, Cardinality, DataType},
    base64,
};

/// The value of a message, as the declared `dataType` has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Bytes(Bytes),
}

impl Value {
    /// The text that may have leaked into Metadata.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) => None,
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// The values of a delivery, in the form that the binding declares; nothing is told by their look.
    ///
    /// # Errors
    /// Another form: function.json and the deployed binary disagree.
    pub(super) fn read(json: &str, binding: &Binding) -> Result<Vec<Self>, DecodeError> {
        match binding.cardinality {
            Some(Cardinality::Many) => Self::many(json, binding),
            None | Some(Cardinality::One) => Self::one(json, binding).map(|value| vec![value]),
        }
    }

    /// One value: a string that holds the JSON text of a text, or base64.
    pub(super) fn one(json: &str, binding: &Binding) -> Result<Self, DecodeError> {
        let at = |reason: &str| DecodeError::at(format!("Data.{}", binding.name), reason);
        if is_binary(binding) {
            bytes(json).ok_or_else(|| at("expected base64 in a string (dataType binary)"))
        } else {
            let inner = string(json).and_then(|inner| string(&inner));
            inner.map(Self::Text).ok_or_else(|| at("expected JSON text in a string (dataType string)"))
        }
    }

    fn many(json: &str, binding: &Binding) -> Result<Vec<Self>, DecodeError> {
        let name = &binding.name;
        let array = string(json).ok_or_else(|| DecodeError::at(format!("Data.{name}"), NO_ARRAY))?;
        let list: Vec<&RawValue> = serde_json::from_str(&array).map_err(|_| DecodeError::at(format!("Data.{name}"), NO_ARRAY))?;
        let read = |(index, element): (usize, &&RawValue)| {
            let at = |reason: &str| DecodeError::at(format!("Data.{name}[{index}]"), reason);
            match binding.data_type {
                // The host parsed each message as JSON, and took no other.
                None => Ok(Self::Text(element.get().to_owned())),
                Some(DataType::Text) => {
                    string(element.get()).map(Self::Text).ok_or_else(|| at("expected text (dataType string)"))
                }
                Some(DataType::Binary | DataType::Stream) => {
                    bytes(element.get()).ok_or_else(|| at("expected base64 (dataType binary)"))
                }
            }
        };
        list.iter().enumerate().map(read).collect()
    }
}

const NO_ARRAY: &str = "expected an array in a string (cardinality many)";

pub(super) fn is_binary(binding: &Binding) -> bool {
    matches!(binding.data_type, Some(DataType::Binary | DataType::Stream))
}

/// The text of a JSON string.
pub(super) fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The bytes of a JSON string that is base64.
pub(super) fn bytes(json: &str) -> Option<Value> {
    let text = string(json)?;
    base64::decode(text).ok().map(|bytes| Value::Bytes(bytes.into()))
}
