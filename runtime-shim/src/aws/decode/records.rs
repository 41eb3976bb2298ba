use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::leaf::{Leaf, Name, scalars};

/// The member `Records`: the source of the first one, which is the source of all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Records<'a> {
    source: Leaf<'a>,
}

impl Records<'_> {
    /// `eventSource`, or `EventSource` as SNS spells it, of the first record.
    pub(super) fn source(&self) -> Option<&str> {
        self.source.text()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Records<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordsVisitor).map(|source: Leaf<'de>| Self { source })
    }
}

/// Reads a list for its first record, and a record for its source; any other JSON has none.
struct RecordsVisitor;

impl<'de> Visitor<'de> for RecordsVisitor {
    type Value = Leaf<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Leaf<'de>, A::Error> {
        let first = seq.next_element::<First<'de>>()?.map_or(Leaf::Absent, |First(source)| source);
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Leaf<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Leaf::Absent)
    }

    scalars!(Leaf<'de>, Leaf::Absent);
    fn visit_unit<E: de::Error>(self) -> Result<Leaf<'de>, E> {
        Ok(Leaf::Absent)
    }
}

/// The source of one record.
struct First<'a>(Leaf<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for First<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FirstVisitor;

        impl<'de> Visitor<'de> for FirstVisitor {
            type Value = Leaf<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Leaf<'de>, A::Error> {
                let mut source = Leaf::Absent;
                while let Some(Name(name)) = map.next_key()? {
                    match &*name {
                        b"eventSource" | b"EventSource" => source = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(source)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Leaf<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Leaf::Absent)
            }

            scalars!(Leaf<'de>, Leaf::Absent);
            fn visit_unit<E: de::Error>(self) -> Result<Leaf<'de>, E> {
                Ok(Leaf::Absent)
            }
        }

        deserializer.deserialize_any(FirstVisitor).map(|source: Leaf<'de>| Self(source))
    }
}
