//! Objects of a record, each as tolerant as can be: another type is an empty object, and the last of a name counts.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::leaf::scalars;
use crate::text::Text;

/// A struct that is filled member by member from any JSON.
macro_rules! members {
    ($(#[$attribute:meta])* struct $name:ident<'a> { $($field:ident: $ty:ty = $($member:literal)|+,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: $ty,)+
        }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct MembersVisitor<'a>(std::marker::PhantomData<&'a ()>);

                impl<'de: 'a, 'a> serde::de::Visitor<'de> for MembersVisitor<'a> {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("any JSON")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name<'a>, A::Error> {
                        let mut to = $name::default();
                        // Names as text: in what is known to be UTF-8, serde_json finds their ends faster than those of bytes.
                        while let Some(crate::text::Text(name)) = map.next_key()? {
                            match name.as_bytes() {
                                $($($member)|+ => to.$field = map.next_value()?,)+
                                _ => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(to)
                    }

                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<$name<'a>, A::Error> {
                        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                        Ok($name::default())
                    }

                    fn visit_unit<E: serde::de::Error>(self) -> Result<$name<'a>, E> {
                        Ok($name::default())
                    }

                    super::leaf::scalars!($name<'a>, $name::default());
                }

                deserializer.deserialize_any(MembersVisitor(std::marker::PhantomData))
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

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::default())
    }

    fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    scalars!(List<T>, List::default());
}

/// A member's own text, each digit of its numbers included; `null` counts as missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Json<'a>(Option<&'a RawValue>);

impl<'a> Json<'a> {
    pub(super) fn text(self) -> Option<&'a str> {
        self.0.map(RawValue::get).filter(|text| *text != "null")
    }

    /// The text of a number, also if it stands in quotes.
    pub(super) fn number(self) -> Option<&'a str> {
        self.text().map(|text| text.trim_matches('"'))
    }
}

impl PartialEq for Json<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
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

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Map<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

struct MapVisitor<'a, T>(PhantomData<(&'a (), T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for MapVisitor<'a, T> {
    type Value = Map<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<'a, T>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(Text(name)) = map.next_key()? {
            pairs.push((name, map.next_value()?));
        }
        Ok(Map(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Map<'a, T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Map::default())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Map<'a, T>, E> {
        Ok(Map::default())
    }

    scalars!(Map<'a, T>, Map::default());
}
