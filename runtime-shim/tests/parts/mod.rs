//! Parts of events, as property tests make them.
#![allow(dead_code, reason = "each test uses some of them")]

use polyfn_shim::{Event, event::Time};
use proptest::{collection::btree_map, option, prelude::*};

/// A name of a resource.
pub(crate) fn word() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9._~+-]{2,10}"
}

/// What a header carries untouched, whoever reads it.
pub(crate) fn plain() -> impl Strategy<Value = String> {
    "[!-~]([ -~]{0,10}[!-~])?"
}

/// Any text that is not empty.
pub(crate) fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("an id is not empty", |text| !text.is_empty())
}

/// A moment with any precision, or none.
pub(crate) fn time() -> impl Strategy<Value = Option<Time>> {
    let second = 0_i64..4_000_000_000;
    let time = (second, 0_u32..1_000_000_000, 0_usize..10).prop_map(|(second, nanos, digits)| {
        let whole = Time::from_seconds(second)?.to_string();
        let fraction = format!("{nanos:09}");
        let text = if digits == 0 { whole } else { format!("{}.{}Z", whole.trim_end_matches('Z'), fraction.get(..digits)?) };
        Time::parse(&text)
    });
    prop_oneof![1 => Just(None), 4 => time]
}

pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..30)
}

pub(crate) fn media_type() -> impl Strategy<Value = Option<String>> {
    let types = ["application/json", "text/plain; charset=utf-8", "application/octet-stream", "application/vnd.x+json;v=1"];
    option::of(proptest::sample::select(types.map(str::to_owned).to_vec()))
}

/// Data that is what its media type says, or not.
pub(crate) fn typed_data() -> impl Strategy<Value = (Vec<u8>, Option<String>)> {
    let json = proptest::sample::select(vec!["{\"n\": 12345678901234567890123}", "null", "\"a\\n\"", "[1,2]"]);
    prop_oneof![
        (json, Just(Some("application/json".to_owned()))).prop_map(|(json, media_type)| (json.as_bytes().to_vec(), media_type)),
        (any::<String>(), Just(Some("text/plain".to_owned()))).prop_map(|(text, media_type)| (text.into_bytes(), media_type)),
        (bytes(), media_type()),
    ]
}

/// Which delivery it is, most often the first.
pub(crate) fn attempt() -> impl Strategy<Value = u32> {
    prop_oneof![Just(1), 2_u32..100]
}

/// Extension attributes of a CloudEvent whose names no other attribute has.
pub(crate) fn extensions(value: BoxedStrategy<String>) -> impl Strategy<Value = Vec<(String, String)>> {
    btree_map("x[a-z0-9]{0,6}", value, 0..4).prop_map(|map| map.into_iter().collect())
}

pub(crate) fn with_attributes(event: Event, attributes: impl IntoIterator<Item = (String, String)>) -> Event {
    attributes.into_iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
}
