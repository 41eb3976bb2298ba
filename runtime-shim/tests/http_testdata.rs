//! One request of each source that delivers over HTTP, and the whole events that it must become.
#![cfg(all(feature = "container", feature = "gcp"))]

use bytes::Bytes;
use http::request::Parts;
use polyfn_shim::{DecodeError, Event, container, gcp};
use polyfn_tests::TestData;
use serde_json::Value;

type Decode = fn(&Parts, &Bytes) -> Result<Vec<Event>, DecodeError>;

const HOSTS: [(&str, Decode); 2] = [("gcp", gcp::decode), ("container", container::decode)];

#[test]
fn each_delivery_becomes_its_events() {
    for (provider, decode) in HOSTS {
        let data = TestData::of(provider);
        assert!(!data.rows.is_empty(), "{provider}");
        for row in &data.rows {
            let name = &row.file;
            let (parts, body) = data.request(row);
            let body = Bytes::from(body);
            let mut events = decode(&parts, &body).unwrap_or_else(|error| panic!("{provider}/{name}: {error}"));
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
