use std::{borrow::Cow, fmt};

use http::{HeaderName, HeaderValue};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use crate::{azure::decode::text::Text, event::Headers, unescape::unescape};

/// The caller's request, as the host writes it; early hosts put it, or members of it, into a string.
pub(super) struct Request<'a> {
    pub(super) url: String,
    pub(super) method: String,
    pub(super) headers: Headers,
    pub(super) params: Vec<(String, String)>,
    /// Absent also for a body that the caller sent in chunks: the host drops it.
    pub(super) body: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Members<'a> {
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    method: Text<'a>,
    #[serde(default)]
    headers: Option<HeaderObject>,
    #[serde(default)]
    params: Option<ParamObject>,
    #[serde(borrow, default)]
    body: Option<Body<'a>>,
}

impl<'a> Members<'a> {
    fn into_request(self) -> Request<'a> {
        Request {
            url: self.url.0.into_owned(),
            method: self.method.0.into_owned(),
            headers: self.headers.map(|headers| headers.0).unwrap_or_default(),
            params: self.params.map(|params| params.0).unwrap_or_default(),
            body: self.body.map(|Body(body)| body),
        }
    }
}

/// A text that may be long.
struct Body<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Body<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&'de RawValue>::deserialize(deserializer)?;
        unescape(json.get()).map(Self).ok_or_else(|| D::Error::custom("expected a text"))
    }
}

impl<'de> Deserialize<'de> for Request<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Request<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an HTTP request as an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Members::deserialize(MapAccessDeserializer::new(map)).map(Members::into_request)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                let request = object::<Members<'_>, E>(text)?.into_request();
                Ok(Request { body: request.body.map(|body| Cow::Owned(body.into_owned())), ..request })
            }
        }
        deserializer.deserialize_any(Object)
    }
}

/// Reads the object that a string holds.
fn object<'a, T: Deserialize<'a>, E: Error>(text: &'a str) -> Result<T, E> {
    if !text.trim_ascii_start().starts_with('{') {
        return Err(E::custom("expected an object or a string that holds one, found other text"));
    }
    serde_json::from_str(text).map_err(|error| E::custom(format!("in the string: {error}")))
}

/// Headers, from names with one text or an array of texts.
struct HeaderObject(Headers);

impl<'de> Deserialize<'de> for HeaderObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = HeaderObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of headers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut headers = Headers::with_capacity(map.size_hint().unwrap_or(16).min(64));
                while let Some(Text(name)) = map.next_key()? {
                    map.next_value_seed(Values { name: &name, headers: &mut headers })?;
                }
                Ok(HeaderObject(headers))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                object(text)
            }
        }
        deserializer.deserialize_any(Object)
    }
}

/// The values of one header, which go into `headers`.
struct Values<'a> {
    name: &'a str,
    headers: &'a mut Headers,
}

impl<'de> DeserializeSeed<'de> for Values<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let name = HeaderName::from_bytes(self.name.as_bytes()).map_err(|_| D::Error::custom("not an HTTP header name"))?;
        deserializer.deserialize_any(Append { name, headers: self.headers })
    }
}

struct Append<'a> {
    name: HeaderName,
    headers: &'a mut Headers,
}

impl Append<'_> {
    fn append<E: Error>(&mut self, text: &str) -> Result<(), E> {
        let value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| E::custom("not an HTTP header value"))?;
        self.headers.append(self.name.clone(), value);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Append<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an array of texts")
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.append(text)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<Option<Text<'de>>>()? {
            if let Some(Text(value)) = value {
                self.append(&value)?;
            }
        }
        Ok(())
    }
}

/// Route parameters, without those that are null.
struct ParamObject(Vec<(String, String)>);

impl<'de> Deserialize<'de> for ParamObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = ParamObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of route parameters")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut params = Vec::new();
                while let Some((Text(name), value)) = map.next_entry::<Text<'de>, Option<Scalar>>()? {
                    params.extend(value.map(|value| (name.into_owned(), value.0)));
                }
                Ok(ParamObject(params))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                object(text)
            }
        }
        deserializer.deserialize_any(Object)
    }
}

/// A text, or a number or boolean as its text.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number or a boolean")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.to_owned()))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(value.to_string()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
