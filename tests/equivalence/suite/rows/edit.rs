//! What several rows do.

use http::{HeaderName, HeaderValue};
use polyfn_shim::{
    Trigger,
    event::{Headers, Http, Stream},
};

use super::Seen;

/// Names with their values, in the order of the names' first sight.
pub(super) type Groups = Vec<(String, Vec<String>)>;

pub(super) fn http(seen: &mut Seen) -> &mut Http {
    match &mut seen.trigger {
        Trigger::Http(http) => http,
        other => panic!("no request: {other:?}"),
    }
}

pub(super) fn stream(seen: &mut Seen) -> Option<&mut Stream> {
    match &mut seen.trigger {
        Trigger::Stream(stream) => Some(stream),
        _ => None,
    }
}

/// The name of the resource.
pub(super) fn name(seen: &Seen) -> String {
    let name = match &seen.trigger {
        Trigger::Queue(queue) => queue.name.clone(),
        Trigger::Topic(topic) => topic.name.clone(),
        Trigger::Stream(stream) => stream.name.clone(),
        Trigger::Change(change) => change.collection.clone(),
        Trigger::Schedule(schedule) => schedule.name.clone(),
        Trigger::Object(object) => Some(object.bucket.clone()),
        Trigger::Event | Trigger::Http(_) | Trigger::Direct => None,
    };
    name.unwrap_or_default()
}

/// What this machine and a container call the resource; an event's own source stays.
pub(super) fn here(seen: &Seen) -> String {
    match &seen.trigger {
        Trigger::Http(_) | Trigger::Direct => String::new(),
        Trigger::Event => seen.source.clone(),
        trigger => format!("/local/{}/{}", trigger.kind(), name(seen)),
    }
}

/// Whether a header can carry a text: printable ASCII without space at its ends.
pub(super) fn fits_header(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// The headers by their names.
pub(super) fn headers(http: &Http) -> Groups {
    group(http.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))))
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8(value.as_bytes().to_vec()).expect("the corpus has headers of text")
}

pub(super) fn group(pairs: impl Iterator<Item = (String, String)>) -> Groups {
    let mut groups = Groups::new();
    for (name, value) in pairs {
        match groups.iter_mut().find(|(have, _)| *have == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups
}

/// Sets the headers to these, each value on its own.
pub(super) fn set_headers(http: &mut Http, groups: &Groups) {
    let pair = |name: &String, value: &String| {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header");
        (name, HeaderValue::from_str(value).expect("a value"))
    };
    http.headers =
        groups.iter().flat_map(|(name, values)| values.iter().map(move |value| pair(name, value))).collect::<Headers>();
}

/// Adds a header behind the others.
pub(super) fn add(http: &mut Http, name: &'static str, value: &str) {
    http.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"));
}

/// Sorts the headers by their names; values of one name stay in their order.
pub(super) fn by_name(seen: &mut Seen) {
    if let Trigger::Http(http) = &mut seen.trigger {
        let mut groups = headers(http);
        groups.sort();
        set_headers(http, &groups);
    }
}

/// The pairs of a query as they are written.
pub(super) fn query(http: &Http) -> Groups {
    let query = http.query.as_deref().unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    group(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// Sets the query to these pairs.
pub(super) fn set_query(http: &mut Http, groups: &Groups) {
    let pairs = groups.iter().flat_map(|(name, values)| values.iter().map(move |value| format!("{name}={value}")));
    let query = pairs.collect::<Vec<_>>().join("&");
    http.query = Some(query).filter(|query| !query.is_empty());
}

/// A text with its escapes undone, once.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match escape.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("the corpus has escapes of text")
}

/// A text in which every byte but these is escaped.
pub(super) fn escaped(text: &str, keeps: impl Fn(u8) -> bool) -> String {
    text.bytes().map(|byte| if keeps(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// JSON whose numbers of more than 64 bits are texts of their digits.
pub(super) fn digits_as_text(json: &mut Option<String>) {
    const DIGITS: &str = "12345678901234567890123456789012345678";
    *json = json.take().map(|json| json.replace(&format!(":{DIGITS}"), &format!(":\"{DIGITS}\"")));
}

/// Whether a text has a number of more than 64 bits.
pub(super) fn has_digits(json: Option<&String>) -> bool {
    json.is_some_and(|json| json.contains("12345678901234567890123456789012345678"))
}
