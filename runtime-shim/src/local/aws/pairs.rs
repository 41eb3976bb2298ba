//! Headers and queries in the maps that the front ends make of them.

use http::HeaderValue;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::event::Http;

/// Names with every value, grouped by name in the order of first sight.
pub(super) type Grouped = Vec<(String, Vec<String>)>;

pub(super) fn headers(request: &Http) -> Grouped {
    group(request.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))))
}

/// A value as JSON can carry it; bytes that are no UTF-8 as the characters of the same number.
pub(super) fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    }
}

/// The query as it is written: nothing decoded.
pub(super) fn written(request: &Http) -> Grouped {
    group(pairs(request).map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// The query with names and values decoded, `+` too.
pub(super) fn decoded(request: &Http) -> Grouped {
    group(pairs(request).map(|(name, value)| (decode(name), decode(value))))
}

fn pairs(request: &Http) -> impl Iterator<Item = (&str, &str)> {
    let query = request.query.as_deref().unwrap_or_default();
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn group(pairs: impl Iterator<Item = (String, String)>) -> Grouped {
    let mut grouped = Grouped::new();
    for (name, value) in pairs {
        match grouped.iter_mut().find(|(have, _)| *have == name) {
            Some((_, values)) => values.push(value),
            None => grouped.push((name, vec![value])),
        }
    }
    grouped
}

/// Every value of every name.
pub(super) fn lists(grouped: &Grouped) -> Value {
    grouped.iter().map(|(name, values)| (name.clone(), Value::from(values.clone()))).collect::<Map<_, _>>().into()
}

/// The last value of every name.
pub(super) fn last(grouped: &Grouped) -> Value {
    let last = |values: &[String]| values.last().cloned().map(Value::String).unwrap_or_default();
    grouped.iter().map(|(name, values)| (name.clone(), last(values))).collect::<Map<_, _>>().into()
}

/// Every value of a name, joined.
pub(super) fn joined(grouped: &Grouped, with: &str) -> Value {
    grouped.iter().map(|(name, values)| (name.clone(), Value::String(values.join(with)))).collect::<Map<_, _>>().into()
}

/// `null` where there is nothing, as API Gateway has it.
pub(super) fn or_null(value: Value) -> Value {
    if value.as_object().is_some_and(Map::is_empty) { Value::Null } else { value }
}
