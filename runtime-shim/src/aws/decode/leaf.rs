use std::{borrow::Cow, fmt};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The scalars that a visitor has no use for.
macro_rules! scalars {
    ($value:ty, $other:expr) => {
        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<$value, E> {
            Ok($other)
        }

        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<$value, E> {
            Ok($other)
        }

        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<$value, E> {
            Ok($other)
        }

        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<$value, E> {
            Ok($other)
        }

        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<$value, E> {
            Ok($other)
        }
    };
}
pub(super) use scalars;

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
            Self::Text(text) => text.parse().ok(),
            // Its decimal text is exact for every whole number that an f64 holds.
            Self::Float(number) if number.fract() == 0.0 => number.to_string().parse().ok(),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Leaf<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LeafVisitor).map(|leaf: Leaf<'de>| leaf)
    }
}

struct LeafVisitor;

impl<'de> Visitor<'de> for LeafVisitor {
    type Value = Leaf<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Leaf<'de>, E> {
        // No member that is read as a number can be this large, so which one it was does not matter.
        Ok(i64::try_from(number).map_or(Leaf::Float(f64::INFINITY), Leaf::Integer))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Float(number))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Leaf<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Leaf::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Leaf<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Leaf::Object)
    }
}

/// A member's name. It is compared as bytes, so that an odd one costs nothing and fails nothing.
pub(super) struct Name<'a>(pub(super) Cow<'a, [u8]>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_bytes<E: de::Error>(self, name: &'de [u8]) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_bytes<E: de::Error>(self, name: &[u8]) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_bytes(NameVisitor)
    }
}
