//! The extended JSON of DocumentDB as plain JSON.
//!
//! Source: [MongoDB Extended JSON](https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{leaf::Leaf, members::members, typed::number};
use crate::{
    event::{Time, string},
    text::Text,
};

/// The same document, with each `$`-wrapped value as what it stands for.
pub(super) fn plain(document: &str) -> Result<String, serde_json::Error> {
    let mut json = String::with_capacity(document.len());
    // A bare number of too many digits must not pass through a float.
    write(&crate::event::plain(document), &mut json)?;
    Ok(json)
}

fn write(document: &str, to: &mut String) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(document);
    Writer(to).deserialize(&mut deserializer)
}

/// Writes the value that it reads.
struct Writer<'w>(&'w mut String);

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(to) = self;
        let start = to.len();
        to.push('{');
        let mut wrapped = None;
        let mut members = 0_usize;
        while let Some(Text(name)) = map.next_key()? {
            if members > 0 {
                to.push(',');
            }
            members += 1;
            string(&name, to);
            to.push(':');
            if members == 1 && name.starts_with('$') {
                let raw: &RawValue = map.next_value()?;
                wrapped = unwrap(&name, raw.get());
                to.push_str(raw.get());
            } else {
                map.next_value_seed(Writer(to))?;
            }
        }
        match wrapped {
            // A document's own member may be called `$oid`; it has others beside it.
            Some(plain) if members == 1 => {
                to.truncate(start);
                to.push_str(&plain);
            }
            _ => to.push('}'),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self(to) = self;
        to.push('[');
        let mut end = to.len();
        while seq.next_element_seed(Writer(to))?.is_some() {
            end = to.len();
            to.push(',');
        }
        to.truncate(end);
        to.push(']');
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        string(text, self.0);
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<(), E> {
        self.0.push_str(if flag { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<(), E> {
        self.0.push_str(&whole.to_string());
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<(), E> {
        self.0.push_str(&whole.to_string());
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, float: f64) -> Result<(), E> {
        number(&format!("{float:e}"), self.0);
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.0.push_str("null");
        Ok(())
    }
}

members! {
    /// A whole number in its wrapper.
    struct Long<'a> {
        millis: Leaf<'a> = b"$numberLong",
    }
}

/// What a wrapper stands for; `None` if it is none that is known.
fn unwrap(wrapper: &str, value: &str) -> Option<String> {
    let leaf: Leaf<'_> = serde_json::from_str(value).ok()?;
    let mut plain = String::new();
    match (wrapper, leaf.text()) {
        ("$oid" | "$symbol", Some(text)) => string(text, &mut plain),
        ("$numberLong" | "$numberInt" | "$numberDouble" | "$numberDecimal", Some(text)) => number(text, &mut plain),
        ("$date", Some(text)) => string(text, &mut plain),
        ("$date", None) => {
            let millis = match leaf {
                // Read as this and nothing else: what is nested in it is not looked into, however deep.
                Leaf::Object => serde_json::from_str::<Long<'_>>(value).ok()?.millis.whole()?,
                leaf => leaf.whole()?,
            };
            string(&Time::from_millis(millis)?.to_string(), &mut plain);
        }
        _ => return None,
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrapper_is_what_it_stands_for() {
        for (document, want) in [
            (r#"{"_id":{"$oid":"64b1"}}"#, r#"{"_id":"64b1"}"#),
            (r#"{"a":{"$numberLong":"9007199254740993"},"b":{"$numberInt":"5"}}"#, r#"{"a":9007199254740993,"b":5}"#),
            (r#"{"a":12345678901234567890123456789012345678}"#, r#"{"a":"12345678901234567890123456789012345678"}"#),
            (r#"{"a":{"$date":"2024-05-01T10:00:00Z"}}"#, r#"{"a":"2024-05-01T10:00:00Z"}"#),
            (r#"{"a":{"$date":{"$numberLong":"1520621625029"}}}"#, r#"{"a":"2018-03-09T18:53:45.029Z"}"#),
            (r#"{"a":{"$date":1520621625029}}"#, r#"{"a":"2018-03-09T18:53:45.029Z"}"#),
            (r#"{"a":{"$oid":"x","b":1}}"#, r#"{"a":{"$oid":"x","b":1}}"#),
            (r#"{"a":{"$date":{"$date":{"$numberLong":"1"}}}}"#, r#"{"a":{"$date":{"$date":{"$numberLong":"1"}}}}"#),
            (r#"{"a":{"$other":"x"}}"#, r#"{"a":{"$other":"x"}}"#),
            (r#"{"a":[1, -2, 1.5, null, true, "x", {}, []]}"#, r#"{"a":[1,-2,1.5,null,true,"x",{},[]]}"#),
        ] {
            assert_eq!(plain(document).unwrap(), want, "{document}");
        }
    }

    #[test]
    fn wrappers_in_wrappers_are_not_looked_into() {
        let deep = format!(r#"{{"a":{}1{}}}"#, r#"{"$date":"#.repeat(100_000), "}".repeat(100_000));
        assert_eq!(plain(&deep).unwrap(), deep);
    }
}
