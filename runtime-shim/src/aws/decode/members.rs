//! Objects of a record, each as tolerant as can be: another type is an empty object, and the last of a name counts.

use std::borrow::Cow;

use super::{
    reader::{Reader, Result},
    value::Value,
};

/// A struct that is filled member by member from any JSON.
macro_rules! members {
    ($(#[$attribute:meta])* struct $name:ident<'a> { $($field:ident: $ty:ty = $($member:literal)|+,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: $ty,)+
        }

        impl<'a> super::value::Value<'a> for $name<'a> {
            fn read(reader: &mut super::reader::Reader<'a>) -> super::reader::Result<Self> {
                let mut to = Self::default();
                reader.object(|name, reader| {
                    match name.name().as_bytes() {
                        $($($member)|+ => to.$field = super::value::Value::read(reader)?,)+
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
                Ok(to)
            }
        }
    };
}
pub(super) use members;

/// A list; any other JSON is an empty one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T: Value<'a>> Value<'a> for List<T> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut list = Vec::new();
        reader.array(|reader| T::read(reader).map(|element| list.push(element)))?;
        Ok(Self(list))
    }
}

/// A member's own text, each digit of its numbers included; `null` counts as missing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Json<'a>(Option<&'a str>);

impl<'a> Json<'a> {
    pub(super) fn text(self) -> Option<&'a str> {
        self.0
    }

    /// The text of a number, also if it stands in quotes.
    pub(super) fn number(self) -> Option<&'a str> {
        self.text().map(|text| text.trim_matches('"'))
    }
}

impl<'a> Value<'a> for Json<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        reader.json().map(|text| Self(Some(text).filter(|text| *text != "null")))
    }
}

/// An object of any names, in document order; any other JSON is an empty one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Map<'a, T>(pub(super) Vec<(Cow<'a, str>, T)>);

impl<T> Default for Map<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T: Value<'a>> Value<'a> for Map<'a, T> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut pairs = Vec::new();
        reader.object(|name, reader| {
            pairs.push((name.text()?, T::read(reader)?));
            Ok(())
        })?;
        Ok(Self(pairs))
    }
}
