use bytes::Bytes;
use polyfn_shim::{
    Event,
    azure::{Bindings, Declaration, decode},
    event::Kind,
};
use polyfn_tests::{Row, TestData};
use serde_json::Value;

use crate::wire::mode;

/// What a row's delivery becomes if its function is declared like this.
pub(crate) fn decoded(data: &TestData, row: &Row, function_json: &[u8]) -> Vec<Event> {
    let name = &row.file;
    let bindings = Bindings::read(function_json).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (parts, body) = data.request(row);
    // In JSON mode the path is the function's name; in the others it ends with it, unless a route is declared.
    let function = parts.uri.path().rsplit('/').next().unwrap();
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == row.trigger).unwrap();
    let function = Declaration::new(function, kind, bindings);
    let body = Bytes::from(body);
    let events = decode(&parts, &body, &function, mode(name), "api").unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(events.iter().all(|event| event.raw() == &body), "{name}");
    events
}

#[test]
fn each_delivery_becomes_its_events() {
    let data = TestData::of("azure");
    assert!(data.is_sorted());
    for row in &data.rows {
        let events = decoded(&data, row, &data.read(row, ".function.json"));
        assert_eq!(serde_json::to_value(&events).unwrap(), Value::Array(data.events(row)), "{}", row.file);
        assert!(events.iter().all(|event| event.trigger().kind().as_str() == row.trigger), "{}", row.file);
    }
}
