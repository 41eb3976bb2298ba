use std::borrow::Cow;

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{
    DecodeError,
    azure::{Binding, Cardinality, DataType},
    base64,
    unescape::unescape,
};

/// The value of a message, as the declared `dataType` has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// The bytes of a text.
    Text(Bytes),
    Bytes(Bytes),
}

impl Value {
    /// The text that may have leaked into Metadata.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => std::str::from_utf8(text).ok(),
            Self::Bytes(_) => None,
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        match self {
            Self::Text(bytes) | Self::Bytes(bytes) => bytes,
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
            let text = unescape(json).and_then(|inner| unescape(&inner).map(Cow::into_owned));
            text.map(|text| Self::Text(text.into())).ok_or_else(|| at("expected JSON text in a string (dataType string)"))
        }
    }

    fn many(json: &str, binding: &Binding) -> Result<Vec<Self>, DecodeError> {
        let name = &binding.name;
        let no_array = || DecodeError::at(format!("Data.{name}"), NO_ARRAY);
        let array = unescape(json).ok_or_else(no_array)?.into_owned().into_boxed_str();
        // What needs no work of its own is a piece of it.
        let array = Bytes::from(array.into_boxed_bytes());
        let list: Vec<&RawValue> = serde_json::from_slice(&array).map_err(|_| no_array())?;
        let read = |(index, element): (usize, &&RawValue)| {
            let at = |reason: &str| DecodeError::at(format!("Data.{name}[{index}]"), reason);
            match binding.data_type {
                // The host parsed each message as JSON, and took no other.
                None => Ok(Self::Text(array.slice_ref(element.get().as_bytes()))),
                Some(DataType::Text) => {
                    text(element.get(), &array).map(Self::Text).ok_or_else(|| at("expected text (dataType string)"))
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

/// The text of a JSON string in an array: a piece of the array where it stands there as it is.
fn text(json: &str, array: &Bytes) -> Option<Bytes> {
    Some(match unescape(json)? {
        Cow::Borrowed(text) => array.slice_ref(text.as_bytes()),
        Cow::Owned(text) => text.into(),
    })
}

/// The bytes of a JSON string that is base64.
pub(super) fn bytes(json: &str) -> Option<Value> {
    let text = unescape(json)?;
    base64::decode(text.as_bytes()).ok().map(|bytes| Value::Bytes(bytes.into()))
}
