//! Route parameters as a serde data format.

use std::{fmt, str::FromStr};

use serde::{
    de::{
        Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
        value::StrDeserializer,
    },
    forward_to_deserialize_any,
};

/// All parameters of a route.
pub(super) struct Params<'de>(pub(super) &'de [(String, String)]);

/// Why the parameters are no such type, and which of them is at fault.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) param: Option<String>,
    pub(super) reason: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self { param: None, reason: reason.to_string() }
    }
}

impl<'de> Params<'de> {
    fn only(&self) -> Result<Value<'de>, Error> {
        match self.0 {
            [(name, value)] => Ok(Value { name, value }),
            list => Err(Error::custom(format!("the function takes one parameter, the route has {}", list.len()))),
        }
    }

    fn exactly(&self, count: usize) -> Result<(), Error> {
        if self.0.len() == count {
            return Ok(());
        }
        Err(Error::custom(format!("the function takes {count} parameters, the route has {}", self.0.len())))
    }
}

macro_rules! only {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.only()?.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Params<'de> {
    type Error = Error;

    only! {
        deserialize_any deserialize_bool deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_identifier
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Entries { rest: self.0.iter(), value: None })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.exactly(len)?;
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries { rest: self.0.iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// The parameters one by one: their values as a sequence, or names and values as a map.
struct Entries<'de> {
    rest: std::slice::Iter<'de, (String, String)>,
    value: Option<Value<'de>>,
}

impl<'de> SeqAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_element_seed<T: serde::de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.rest.next().map(|(name, value)| seed.deserialize(Value { name, value }).map_err(|error| error.of(name))).transpose()
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(Value { name, value });
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: serde::de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value before its name"))?;
        seed.deserialize(value.clone()).map_err(|error| error.of(value.name))
    }
}

impl Error {
    /// The same error, told of this parameter, and without the value in it.
    fn of(self, param: &str) -> Self {
        Self { param: Some(param.to_owned()), reason: polyfn_shim::without_value(&self.reason) }
    }
}

/// One parameter.
#[derive(Clone)]
struct Value<'de> {
    name: &'de str,
    value: &'de str,
}

impl Value<'_> {
    fn parse<T: FromStr>(&self, expected: &str) -> Result<T, Error> {
        self.value.parse().map_err(|_| Error { param: Some(self.name.to_owned()), reason: format!("expected {expected}") })
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse::<$type>(stringify!($type))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool bool;
        deserialize_char visit_char char;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_i128 visit_i128 i128;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_u128 visit_u128 u128;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.value)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_bytes(self.value.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = self.name;
        visitor.visit_enum(self).map_err(|error| error.of(name))
    }

    forward_to_deserialize_any! { str string unit unit_struct seq tuple tuple_struct map struct identifier ignored_any }
}

/// A value as the name of a variant without fields.
impl<'de> EnumAccess<'de> for Value<'de> {
    type Error = Error;
    type Variant = Unit;

    fn variant_seed<V: serde::de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Unit), Error> {
        let variant: StrDeserializer<'_, Error> = self.value.into_deserializer();
        Ok((seed.deserialize(variant)?, Unit))
    }
}

/// The content of a variant without fields.
struct Unit;

impl<'de> VariantAccess<'de> for Unit {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: serde::de::DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Err(Error::custom("expected a variant without fields"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("expected a variant without fields"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(Error::custom("expected a variant without fields"))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::DeserializeOwned};

    use super::*;

    fn read<T: DeserializeOwned>(params: &[(&str, &str)]) -> Result<T, (Option<String>, String)> {
        let params: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        T::deserialize(Params(&params)).map_err(|error| (error.param, error.reason))
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Red,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Id(u64);

    #[derive(Debug, Deserialize, PartialEq)]
    struct Place {
        colour: Colour,
        id: Id,
    }

    #[test]
    fn one_value_a_tuple_or_a_struct() {
        assert_eq!(read::<String>(&[("name", "a b")]), Ok("a b".into()));
        assert_eq!(read::<u8>(&[("n", "7")]), Ok(7));
        assert_eq!(read::<Colour>(&[("c", "red")]), Ok(Colour::Red));
        assert_eq!(read::<Id>(&[("id", "7")]), Ok(Id(7)));
        assert_eq!(read::<(String, bool)>(&[("a", "x"), ("b", "true")]), Ok(("x".into(), true)));
        assert_eq!(read::<Place>(&[("id", "7"), ("colour", "red")]), Ok(Place { colour: Colour::Red, id: Id(7) }));
        assert_eq!(read::<Vec<i8>>(&[("a", "1"), ("b", "-2")]), Ok(vec![1, -2]));
        assert_eq!(read::<()>(&[]), Ok(()));
    }

    #[test]
    fn a_bad_value_is_named_and_not_repeated() {
        let bad = |param: &str, reason: &str| (Some(param.to_owned()), reason.to_owned());
        assert_eq!(read::<u8>(&[("n", "hunter2")]), Err(bad("n", "expected u8")));
        assert_eq!(read::<(u8, u8)>(&[("a", "1"), ("b", "256")]), Err(bad("b", "expected u8")));
        assert_eq!(read::<Place>(&[("id", "x"), ("colour", "red")]), Err(bad("id", "expected u64")));
        assert_eq!(read::<Colour>(&[("c", "hunter2")]), Err(bad("c", "expected `red`")));
    }

    #[test]
    fn another_number_of_parameters_is_the_programs_mistake() {
        assert_eq!(read::<u8>(&[]), Err((None, "the function takes one parameter, the route has 0".into())));
        assert_eq!(read::<(u8, u8)>(&[("a", "1")]), Err((None, "the function takes 2 parameters, the route has 1".into())));
        assert_eq!(read::<Place>(&[("id", "7")]), Err((None, "missing field `colour`".into())));
    }
}
