use std::borrow::Cow;

use http::{
    HeaderName, HeaderValue,
    header::{HeaderMap, SET_COOKIE},
};
use serde::{Serialize, Serializer};

/// A header's value: UTF-8 if it is that, else each byte as the character of the same number (RFC 9110, 5.5).
pub(super) struct Value<'a>(pub(super) &'a HeaderValue);

impl<'a> Value<'a> {
    fn text(&self) -> Cow<'a, str> {
        match std::str::from_utf8(self.0.as_bytes()) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => self.0.as_bytes().iter().copied().map(char::from).collect(),
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// What becomes of `set-cookie`, the one header whose values cannot be joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SetCookie {
    /// They stand in a member of their own.
    Apart,
    /// Only the last can be sent.
    Last,
}

/// One value per name: several are joined with a comma.
pub(super) struct Joined<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) set_cookie: SetCookie,
}

impl Joined<'_> {
    fn value(&self, name: &HeaderName) -> Cow<'_, str> {
        let mut values = self.headers.get_all(name).iter();
        if *name == SET_COOKIE {
            return values.next_back().map(|value| Value(value).text()).unwrap_or_default();
        }
        let mut joined = values.next().map(|value| Value(value).text()).unwrap_or_default();
        for value in values {
            let joined = joined.to_mut();
            joined.push_str(", ");
            joined.push_str(&Value(value).text());
        }
        joined
    }
}

impl Serialize for Joined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.headers.keys().filter(|name| self.set_cookie == SetCookie::Last || **name != SET_COOKIE);
        serializer.collect_map(names.map(|name| (name.as_str(), self.value(name))))
    }
}

/// Every value of every name.
pub(super) struct Lists<'a>(pub(super) &'a HeaderMap);

impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.keys().map(|name| (name.as_str(), Values(self.0, name))))
    }
}

struct Values<'a>(&'a HeaderMap, &'a HeaderName);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.get_all(self.1).iter().map(Value))
    }
}

/// Every `set-cookie`, without the name.
pub(super) struct Cookies<'a>(pub(super) &'a HeaderMap);

impl Serialize for Cookies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.get_all(SET_COOKIE).iter().map(Value))
    }
}
