//! A sample of the JSON that a type reads, found by asking the type what it expects.

use std::fmt;

use serde::{
    Deserialize,
    de::{
        DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
        value::StrDeserializer,
    },
};

/// Deeper than any sample that a person would want to read; a type that holds itself ends here.
const DEEPEST: u8 = 8;

/// A JSON text that reads as a `T`, or `None` if `T` does not say what it expects.
pub(crate) fn json<'de, T: Deserialize<'de>>() -> Option<String> {
    let mut json = String::new();
    T::deserialize(Sampler { json: &mut json, depth: 0 }).ok()?;
    Some(json)
}

/// Writes what a type asks for, and answers with the same.
struct Sampler<'a> {
    json: &'a mut String,
    depth: u8,
}

/// The type asks for something that has no sample.
#[derive(Debug)]
struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no sample")
    }
}

impl std::error::Error for Unknown {}

impl serde::de::Error for Unknown {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Sampler<'_> {
    fn write(&mut self, text: &str) {
        self.json.push_str(text);
    }

    fn below(&mut self) -> Result<Sampler<'_>, Unknown> {
        if self.depth == DEEPEST {
            return Err(Unknown);
        }
        Ok(Sampler { depth: self.depth + 1, json: self.json })
    }
}

macro_rules! scalars {
    ($($method:ident $visit:ident $value:expr, $json:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Unknown> {
            self.write($json);
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Sampler<'_> {
    type Error = Unknown;

    scalars! {
        deserialize_bool visit_bool true, "true";
        deserialize_i8 visit_i8 1, "1";
        deserialize_i16 visit_i16 1, "1";
        deserialize_i32 visit_i32 1, "1";
        deserialize_i64 visit_i64 1, "1";
        deserialize_i128 visit_i128 1, "1";
        deserialize_u8 visit_u8 1, "1";
        deserialize_u16 visit_u16 1, "1";
        deserialize_u32 visit_u32 1, "1";
        deserialize_u64 visit_u64 1, "1";
        deserialize_u128 visit_u128 1, "1";
        deserialize_f32 visit_f32 1.5, "1.5";
        deserialize_f64 visit_f64 1.5, "1.5";
        deserialize_char visit_char 'a', "\"a\"";
        deserialize_str visit_borrowed_str "text", "\"text\"";
        deserialize_string visit_borrowed_str "text", "\"text\"";
        deserialize_identifier visit_borrowed_str "text", "\"text\"";
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Unknown> {
        // A type that takes anything takes an empty object, or says here that it does not.
        self.write("{}");
        visitor.visit_map(Fields { sampler: self, fields: [].iter(), first: true })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unknown> {
        self.deserialize_any(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unknown> {
        Err(Unknown)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unknown> {
        Err(Unknown)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Unknown> {
        // Half way down, so that what holds this option can still end.
        if self.depth >= DEEPEST / 2 {
            self.write("null");
            return visitor.visit_none();
        }
        let depth = self.depth + 1;
        visitor.visit_some(Sampler { json: self.json, depth })
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Unknown> {
        self.write("null");
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unknown> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unknown> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unknown> {
        self.deserialize_tuple(1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, Unknown> {
        self.write("[");
        let depth = self.depth;
        let json = self.json;
        let value = visitor.visit_seq(Elements { sampler: Sampler { json, depth }, left: len, first: true })?;
        json.push(']');
        Ok(value)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, len: usize, visitor: V) -> Result<V::Value, Unknown> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unknown> {
        self.deserialize_struct("", &["key"], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unknown> {
        self.write("{");
        let depth = self.depth;
        let json = self.json;
        let value = visitor.visit_map(Fields { sampler: Sampler { json, depth }, fields: fields.iter(), first: true })?;
        json.push('}');
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unknown> {
        let variant = variants.first().ok_or(Unknown)?;
        let below = self.below()?;
        visitor.visit_enum(Variant { name: variant, sampler: below })
    }
}

/// The elements of a list.
struct Elements<'a> {
    sampler: Sampler<'a>,
    left: usize,
    first: bool,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Unknown;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unknown> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        if !std::mem::take(&mut self.first) {
            self.sampler.write(",");
        }
        seed.deserialize(self.sampler.below()?).map(Some)
    }
}

/// The fields of an object.
struct Fields<'a> {
    sampler: Sampler<'a>,
    fields: std::slice::Iter<'static, &'static str>,
    first: bool,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Unknown;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unknown> {
        let Some(name) = self.fields.next() else { return Ok(None) };
        let comma = if std::mem::take(&mut self.first) { "" } else { "," };
        self.sampler.write(&format!("{comma}\"{name}\":"));
        let name: StrDeserializer<'_, Unknown> = (*name).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unknown> {
        seed.deserialize(self.sampler.below()?)
    }
}

/// The first variant of an enum.
struct Variant<'a> {
    name: &'static str,
    sampler: Sampler<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Unknown;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unknown> {
        let name: StrDeserializer<'_, Unknown> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Variant<'_> {
    /// `{"Name":..}`, which is how serde writes a variant with content.
    fn around<T>(self, inner: impl FnOnce(Sampler<'_>) -> Result<T, Unknown>) -> Result<T, Unknown> {
        let Sampler { json, depth } = self.sampler;
        json.push_str(&format!("{{\"{}\":", self.name));
        let value = inner(Sampler { json, depth })?;
        json.push('}');
        Ok(value)
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Unknown;

    fn unit_variant(mut self) -> Result<(), Unknown> {
        let name = format!("\"{}\"", self.name);
        self.sampler.write(&name);
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unknown> {
        self.around(|sampler| seed.deserialize(sampler))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Unknown> {
        self.around(|sampler| sampler.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Unknown> {
        self.around(|sampler| sampler.deserialize_struct("", fields, visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Order {
        sku: String,
        count: u32,
        gift: Option<bool>,
        lines: Vec<Line>,
        paid: Paid,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Line(f64, char);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    enum Paid {
        Card { last: String },
        Cash,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its shape is asked for")]
    struct Node {
        next: Option<Box<Node>>,
    }

    #[test]
    fn a_sample_reads_as_its_type() {
        let order = json::<Order>().unwrap();
        assert_eq!(order, r#"{"sku":"text","count":1,"gift":true,"lines":[[1.5,"a"]],"paid":{"Card":{"last":"text"}}}"#);
        assert!(serde_json::from_str::<Order>(&order).is_ok());
        assert_eq!(json::<(i64, String)>().as_deref(), Some(r#"[1,"text"]"#));
        assert_eq!(json::<BTreeMap<String, u8>>().as_deref(), Some(r#"{"key":1}"#));
        assert_eq!(json::<()>().as_deref(), Some("null"));
        assert_eq!(json::<serde_json::Value>().as_deref(), Some("{}"));
    }

    #[test]
    fn a_type_that_holds_itself_has_an_end() {
        let node = json::<Node>().unwrap();
        assert!(serde_json::from_str::<Node>(&node).is_ok(), "{node}");
    }
}
