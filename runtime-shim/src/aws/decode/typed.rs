//! The typed values of DynamoDB as plain JSON.
//!
//! Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html).

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{decimal::Decimal, pairs::Word};
use crate::event::string;

/// The JSON of an item, whose attributes are typed.
pub(super) fn plain(item: &str) -> Result<String, serde_json::Error> {
    let mut json = String::with_capacity(item.len());
    let mut deserializer = serde_json::Deserializer::from_str(item);
    Form::Map.write(&mut json).deserialize(&mut deserializer)?;
    Ok(json)
}

/// How a value is written.
#[derive(Clone, Copy)]
enum Form {
    /// An object with one member, the type.
    Typed,
    /// An object of typed values.
    Map,
    /// A list of typed values.
    List,
    Text,
    Number,
    /// Lists of these.
    Texts,
    Numbers,
    Flag,
    Null,
}

impl Form {
    fn of(ty: &str) -> Option<Self> {
        Some(match ty {
            "S" | "B" => Self::Text,
            "N" => Self::Number,
            "BOOL" => Self::Flag,
            "NULL" => Self::Null,
            "SS" | "BS" => Self::Texts,
            "NS" => Self::Numbers,
            "L" => Self::List,
            "M" => Self::Map,
            _ => return None,
        })
    }

    fn write(self, to: &mut String) -> Writer<'_> {
        Writer { form: self, to }
    }
}

/// Writes the value that it reads.
struct Writer<'w> {
    form: Form,
    to: &'w mut String,
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Typed => "an object with one of DynamoDB's types",
            Form::Map => "an object",
            Form::List | Form::Texts | Form::Numbers => "a list",
            Form::Text | Form::Number => "a string",
            Form::Flag => "true or false",
            Form::Null => "true",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self.form {
            Form::Typed => {
                let Some(Word(ty)) = map.next_key()? else { return Err(de::Error::custom("a value without a type")) };
                let form = Form::of(&ty).ok_or_else(|| de::Error::custom("a value of an unknown type"))?;
                map.next_value_seed(form.write(self.to))?;
                match map.next_key::<IgnoredAny>()? {
                    Some(_) => Err(de::Error::custom("a value of two types")),
                    None => Ok(()),
                }
            }
            Form::Map => {
                self.to.push('{');
                let mut first = true;
                while let Some(Word(name)) = map.next_key()? {
                    if !std::mem::replace(&mut first, false) {
                        self.to.push(',');
                    }
                    string(&name, self.to);
                    self.to.push(':');
                    map.next_value_seed(Form::Typed.write(self.to))?;
                }
                self.to.push('}');
                Ok(())
            }
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let form = match self.form {
            Form::List => Form::Typed,
            Form::Texts => Form::Text,
            Form::Numbers => Form::Number,
            _ => return Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
        };
        self.to.push('[');
        let mut end = self.to.len();
        while seq.next_element_seed(form.write(self.to))?.is_some() {
            end = self.to.len();
            self.to.push(',');
        }
        self.to.truncate(end);
        self.to.push(']');
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        match self.form {
            Form::Text => string(text, self.to),
            Form::Number => number(text, self.to),
            // The type is all there is to say.
            Form::Null => self.to.push_str("null"),
            _ => return Err(de::Error::custom("a string where none belongs")),
        }
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<(), E> {
        match self.form {
            Form::Flag => self.to.push_str(if flag { "true" } else { "false" }),
            Form::Null => self.to.push_str("null"),
            _ => return Err(de::Error::invalid_type(de::Unexpected::Bool(flag), &self)),
        }
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<(), E> {
        self.digits(&whole.to_string())
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<(), E> {
        self.digits(&whole.to_string())
    }
}

impl Writer<'_> {
    /// A number that should have been in quotes.
    fn digits<E: de::Error>(self, digits: &str) -> Result<(), E> {
        match self.form {
            Form::Number => self.to.push_str(digits),
            _ => return Err(de::Error::custom("a number where none belongs")),
        }
        Ok(())
    }
}

/// A number where one of JSON's gives its digits back, else a string.
pub(super) fn number(text: &str, to: &mut String) {
    match Decimal::json(text) {
        Some(number) => to.push_str(&number),
        None => string(text, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_plain_form() {
        for (item, want) in [
            (r#"{}"#, "{}"),
            (r#"{"a":{"S":"x\n\"é\""}}"#, r#"{"a":"x\n\"é\""}"#),
            (r#"{"a":{"N":"9007199254740993"},"b":{"N":"123.45"}}"#, r#"{"a":9007199254740993,"b":123.45}"#),
            (r#"{"a":{"N":"12345678901234567890123456789012345678"}}"#, r#"{"a":"12345678901234567890123456789012345678"}"#),
            (r#"{"a":{"BOOL":false},"b":{"NULL":true},"c":{"B":"AP8="}}"#, r#"{"a":false,"b":null,"c":"AP8="}"#),
            (
                r#"{"a":{"SS":["x","y"]},"b":{"NS":["1","1E+3"]},"c":{"BS":["AA=="]}}"#,
                r#"{"a":["x","y"],"b":[1,1000],"c":["AA=="]}"#,
            ),
            (r#"{"a":{"L":[]},"b":{"M":{}},"c":{"L":[{"M":{"d":{"N":"1"}}}]}}"#, r#"{"a":[],"b":{},"c":[{"d":1}]}"#),
        ] {
            assert_eq!(plain(item).unwrap(), want, "{item}");
        }
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for item in ["5", r#"{"a":5}"#, r#"{"a":{}}"#, r#"{"a":{"X":"1"}}"#, r#"{"a":{"S":"1","N":"1"}}"#, r#"{"a":{"S":1}}"#] {
            assert!(plain(item).is_err(), "{item}");
        }
        assert!(plain(&format!("{}{{}}{}", r#"{"a":{"M":"#.repeat(200), "}}".repeat(200))).is_err());
    }
}
