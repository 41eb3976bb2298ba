//! One request of each source that delivers over HTTP, and the whole events that it must become.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use bytes::Bytes;
use http::request::Parts;
use polyfn_shim::{
    DecodeError, Event, Outcome, Reply, container,
    event::Kind,
    function::{Binding, Declared, Description, Filter, Function},
    gcp,
};
use polyfn_tests::{Row, TestData};
use serde_json::Value;

/// The functions that the requests of a row are read for: one where it decides, else none.
fn functions(data: &TestData, row: &Row) -> Vec<Function> {
    let declared = data.declared(row).map(|(kind, name)| {
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind).unwrap();
        let binding = Binding::Resource { kind, name: name.leak(), filter: Filter::default() };
        Function::blocking(Description::new("f", binding), |_, _| Outcome::Done(Reply::Empty))
    });
    declared.into_iter().collect()
}

fn decode(provider: &str, parts: &Parts, body: &Bytes, functions: &[Function]) -> Result<Vec<Event>, DecodeError> {
    match provider {
        "gcp" => gcp::decode_for(parts, body, Declared::of(functions)),
        _ => container::decode(parts, body),
    }
}

#[test]
fn each_delivery_becomes_its_events() {
    for provider in ["gcp", "container"] {
        let data = TestData::of(provider);
        assert!(!data.rows.is_empty(), "{provider}");
        for row in &data.rows {
            let name = &row.file;
            let (parts, body) = data.request(row);
            let body = Bytes::from(body);
            let events = decode(provider, &parts, &body, &functions(&data, row));
            let mut events = events.unwrap_or_else(|error| panic!("{provider}/{name}: {error}"));
            if row.trigger == "direct" {
                // The function tells a call, and the table makes it one.
                events = events.into_iter().map(Event::into_call).collect();
            }
            assert_eq!(serde_json::to_value(&events).unwrap(), Value::Array(data.events(row)), "{provider}/{name}");
            for event in &events {
                assert_eq!(event.trigger().kind().as_str(), row.trigger, "{provider}/{name}");
                assert_eq!(event.raw(), &body, "{provider}/{name}");
            }
        }
    }
}
