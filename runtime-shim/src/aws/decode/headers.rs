use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::{
    leaf::Leaf,
    pairs::{Pair, Pairs},
};
use crate::{DecodeError, event::Headers};

/// The headers of a request, taken from the delivery's maps one after another.
pub(super) struct Reader<'a> {
    delivery: &'a Bytes,
    headers: Headers,
}

impl<'a> Reader<'a> {
    pub(super) fn new(delivery: &'a Bytes, room: usize) -> Self {
        Self { delivery, headers: Headers::with_capacity(room) }
    }

    /// Adds every value of a map, names in lower case, values untouched.
    pub(super) fn add(&mut self, member: &str, pairs: &Pairs<'_>) -> Result<(), DecodeError> {
        self.add_if(member, pairs, |_| true)
    }

    /// Adds the values of a map whose names, as the map spells them, pass `keep`.
    pub(super) fn add_if(&mut self, member: &str, pairs: &Pairs<'_>, keep: impl Fn(&str) -> bool) -> Result<(), DecodeError> {
        if !matches!(pairs, Pairs::Absent | Pairs::Map(_)) {
            return Err(DecodeError::at(member, "expected an object with at most 16384 values"));
        }
        for pair in pairs.iter().filter(|pair| keep(&pair.name)) {
            let value = match &pair.value {
                // Shares the delivery's bytes where it stands there as it is.
                Leaf::Text(Cow::Borrowed(value)) => HeaderValue::from_maybe_shared(self.delivery.slice_ref(value.as_bytes())),
                Leaf::Text(Cow::Owned(value)) => HeaderValue::from_str(value),
                // The console's test events have `null` for a header that is not there.
                Leaf::Absent => continue,
                _ => return Err(DecodeError::at(place(member, pair), "not a string")),
            };
            let name = HeaderName::from_bytes(pair.name.as_bytes())
                .map_err(|_| DecodeError::at(place(member, pair), "not an HTTP header name"))?;
            let value = value.map_err(|_| DecodeError::at(place(member, pair), "not an HTTP header value"))?;
            self.headers.append(name, value);
        }
        Ok(())
    }

    /// Replaces or adds the one `cookie` header.
    pub(super) fn set_cookies(&mut self, cookies: &[Leaf<'_>]) -> Result<(), DecodeError> {
        let mut joined = String::new();
        for (index, cookie) in cookies.iter().enumerate() {
            let Some(cookie) = cookie.text() else {
                return Err(DecodeError::at(format!("cookies[{index}]"), "not a string"));
            };
            if index > 0 {
                joined.push_str("; ");
            }
            joined.push_str(cookie);
        }
        let value = HeaderValue::from_maybe_shared(Bytes::from(joined))
            .map_err(|_| DecodeError::at("cookies", "not an HTTP header value"))?;
        self.headers.set(http::header::COOKIE, value);
        Ok(())
    }

    pub(super) fn finish(self) -> Headers {
        self.headers
    }
}

fn place(member: &str, pair: &Pair<'_>) -> String {
    match pair.index {
        Some(index) => format!("{member}.{}[{index}]", pair.name),
        None => format!("{member}.{}", pair.name),
    }
}
