use std::{borrow::Cow, fmt};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::leaf::{Leaf, scalars};
use crate::text::Text;

/// A member that should be a map of names to texts or to lists of texts, such as headers, or a list of texts, such as
/// cookies; and that may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Pairs<'a> {
    /// Missing, or `null`, which counts as missing.
    #[default]
    Absent,
    /// In document order; a name with several values stands once for each.
    Map(Vec<Pair<'a>>),
    List(Vec<Leaf<'a>>),
    /// More values than [`LIMIT`].
    TooMany,
    Other,
}

/// How many values one member may have. No front end takes a request head of more than 64 KiB, so none sends more; what
/// is longer is some direct payload, which must not cost thirty times its size.
const LIMIT: usize = 16_384;

/// One name and one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Leaf<'a>,
    /// The place in the list of values, if there is a list.
    pub(super) index: Option<usize>,
}

impl<'a> Pairs<'a> {
    /// The pairs; none if it is no map.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Pair<'a>> {
        match self {
            Self::Map(pairs) => pairs.iter(),
            _ => [].iter(),
        }
    }

    /// The list; empty if it is none.
    pub(super) fn list(&self) -> &[Leaf<'a>] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The first text of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.name == name).and_then(|pair| pair.value.text())
    }

    /// Whether it is a map or a list with something in it.
    pub(super) fn is_filled(&self) -> bool {
        match self {
            Self::Map(pairs) => !pairs.is_empty(),
            Self::List(list) => !list.is_empty(),
            _ => false,
        }
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor).map(|pairs: Pairs<'de>| pairs)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        // Typical requests have between ten and thirty headers.
        let mut pairs = Vec::with_capacity(16);
        while let Some(Text(name)) = map.next_key()? {
            if pairs.len() > LIMIT {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match map.next_value()? {
                Values::One(value) => pairs.push(Pair { name, value, index: None }),
                Values::Many(values) => {
                    for (index, value) in values.into_iter().enumerate() {
                        pairs.push(Pair { name: name.clone(), value, index: Some(index) });
                    }
                }
                Values::Single(value) => pairs.push(Pair { name, value, index: Some(0) }),
            }
        }
        Ok(if pairs.len() > LIMIT { Pairs::TooMany } else { Pairs::Map(pairs) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pairs<'de>, A::Error> {
        let mut list = Vec::new();
        collect(&mut seq, &mut list)?;
        Ok(if list.len() > LIMIT { Pairs::TooMany } else { Pairs::List(list) })
    }

    fn visit_unit<E: de::Error>(self) -> Result<Pairs<'de>, E> {
        Ok(Pairs::Absent)
    }

    scalars!(Pairs<'de>, Pairs::Other);
}

/// Reads the rest of a list, and keeps one more than the limit at most.
fn collect<'de, A: SeqAccess<'de>>(seq: &mut A, list: &mut Vec<Leaf<'de>>) -> Result<(), A::Error> {
    while list.len() <= LIMIT {
        match seq.next_element()? {
            Some(leaf) => list.push(leaf),
            None => return Ok(()),
        }
    }
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// What stands at a name: one value, or a list. A list of one, the usual one, needs no allocation.
enum Values<'a> {
    One(Leaf<'a>),
    Single(Leaf<'a>),
    Many(Vec<Leaf<'a>>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Values<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValuesVisitor).map(|values: Values<'de>| values)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Values<'de>, A::Error> {
        let Some(first) = seq.next_element()? else { return Ok(Values::Many(Vec::new())) };
        let Some(second) = seq.next_element()? else { return Ok(Values::Single(first)) };
        let mut values = vec![first, second];
        collect(&mut seq, &mut values)?;
        Ok(Values::Many(values))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Absent))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Flag(flag)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Integer(number)))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Float(f64::INFINITY)))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Values<'de>, E> {
        Ok(Values::One(Leaf::Float(number)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Values::One(Leaf::Object))
    }
}
