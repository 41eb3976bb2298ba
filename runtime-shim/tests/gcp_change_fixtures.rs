//! Changes out of Google's own conformance data, which is kept outside of this repository.
#![cfg(feature = "gcp")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use std::path::Path;

use http::Request;
use polyfn_shim::{
    Event, Trigger,
    event::{Action, Change},
    gcp,
};
use serde_json::{Value, json};

/// Sends a CloudEvent of the conformance data as its client does, in binary mode.
fn sent(name: &str) -> (Value, Event) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/gcp/conformance");
    assert!(folder.is_dir(), "{} is not there; this test needs the shared fixtures beside the repository", folder.display());
    let file = std::fs::read(folder.join(format!("{name}-cloudevent-input.json"))).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let text = |member: &str| file[member].as_str().unwrap();
    let request = ["id", "source", "specversion", "subject", "time", "type"]
        .into_iter()
        .fold(Request::post("/"), |request, member| request.header(format!("ce-{member}"), text(member)))
        .header("content-type", text("datacontenttype"));
    let body = file["data"].to_string().into();
    let mut events =
        gcp::decode(&request.body(()).unwrap().into_parts().0, &body).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((events.len(), events[0].raw()), (1, &body), "{name}");
    (file, events.remove(0))
}

fn check(name: &str, action: Action, place: (&str, &str), before: Option<Value>, after: Option<Value>) {
    let (file, event) = sent(name);
    let Trigger::Change(change) = event.trigger() else { panic!("{name}: {:?}", event.trigger()) };
    let Change { action: found, collection, key, before: old, after: new } = &**change;
    let read = |json: &Option<String>| json.as_deref().map(|json| serde_json::from_str::<Value>(json).unwrap());
    assert_eq!(*found, action, "{name}");
    assert_eq!((collection.as_deref(), read(key)), (Some(place.0), Some(json!(place.1))), "{name}");
    assert_eq!((read(old), read(new)), (before, after), "{name}");
    assert_eq!(event.ty(), format!("polyfn.change.{}", action.as_str()), "{name}");
    assert_eq!((event.id(), event.source()), (file["id"].as_str().unwrap(), file["source"].as_str().unwrap()), "{name}");
    assert_eq!(event.subject(), file["subject"].as_str(), "{name}");
    assert_eq!(event.time().map(|time| time.to_string()).as_deref(), file["time"].as_str(), "{name}");
    assert_eq!(event.data(), None, "{name}");
}

#[test]
#[ignore = "needs ../shared"]
fn documents_are_what_they_were_and_what_they_are() {
    check(
        "firestore_simple",
        Action::Updated,
        ("gcf-test", "2Vm2mI1d0wIaK2Waj5to"),
        Some(json!({"another test": "asd", "count": 3, "foo": "bar"})),
        Some(json!({"another test": "asd", "count": 4, "foo": "bar"})),
    );
    let after = json!({
        "arrayValue": [1, 2],
        "booleanValue": true,
        "doubleValue": 5.5,
        "geoPointValue": {"latitude": 51.4543, "longitude": -0.9781},
        "intValue": 50,
        "mapValue": {"field1": "x", "field2": ["x", 1]},
        "nullValue": null,
        "referenceValue": "projects/project-id/databases/(default)/documents/foo/bar/baz/qux",
        "stringValue": "text",
        "timestampValue": "2020-04-23T14:23:53.241Z",
    });
    check("firestore_complex", Action::Created, ("gcf-test", "IH75dRdeYJKd4uuQiqch"), None, Some(after));
}

#[test]
#[ignore = "needs ../shared"]
fn what_stands_at_a_path_is_merged() {
    let nested = json!({"text": "This is deeply nested", "text2": "Second value"});
    let other = json!({"grandchild": "other changed"});
    let wide = |abc: i32| {
        json!({
            "gcf-test": {"abc": 10, "child1": "value1", "xyz": {"deeply": {"abc": abc}, "grandchild": "other changed"}},
            "not-gcf-test": "Foo",
        })
    };
    for (name, action, before, after) in [
        ("firebase-db1", Action::Created, None, Some(json!({"grandchild": "other"}))),
        ("firebase-db2", Action::Updated, Some(json!({"grandchild": "other"})), Some(other.clone())),
        ("firebase-db3", Action::Created, None, Some(json!(10))),
        (
            "firebase-db4",
            Action::Updated,
            Some(other.clone()),
            Some(json!({"deeply": {"nested": nested}, "grandchild": "other changed"})),
        ),
        (
            "firebase-db5",
            Action::Updated,
            Some(json!({"deeply": {"nested": nested}, "grandchild": "other changed"})),
            Some(json!({"deeply": {"abc": "def", "nested": nested}, "grandchild": "other changed"})),
        ),
        (
            "firebase-db6",
            Action::Updated,
            Some(json!({"deeply": {"abc": "def", "nested": nested}, "grandchild": "other changed"})),
            Some(json!({"deeply": {"abc": "def"}, "grandchild": "other changed"})),
        ),
        (
            "firebase-db7",
            Action::Updated,
            Some(json!({"deeply": {"abc": "def"}, "grandchild": "other changed"})),
            Some(json!({"deeply": {"abc": 10}, "grandchild": "other changed"})),
        ),
        ("firebase-db8", Action::Updated, Some(wide(11)), Some(wide(12))),
        ("firebase-dbdelete1", Action::Deleted, Some(other), None),
        ("firebase-dbdelete2", Action::Deleted, Some(json!(10)), None),
    ] {
        check(name, action, ("gcf-test", "xyz"), before, after);
    }
}
