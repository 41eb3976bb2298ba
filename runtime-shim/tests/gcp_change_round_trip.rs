//! What the local shim sends as each of Google's databases, decode gives back; what a database cannot hold is not made.
#![cfg(all(feature = "gcp", feature = "local"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test's own functions cannot do is that test's failure")]

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Event, Provider, Trigger,
    cloudevents::encode_structured,
    event::{Action, Change, Time},
    gcp,
    local::gcp::{
        self as local,
        changes::{Form, Source, cloud_event, delivery},
    },
};
use proptest::{collection, option, prelude::*};
use serde_json::{Map, Value, json};

/// Any value; in the Realtime Database there is no member that is null.
fn value(null: bool) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("not finite", |double| Some(Value::Number(serde_json::Number::from_f64(double)?))),
        any::<String>().prop_map(Value::from),
        Just(if null { Value::Null } else { json!(0) }),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let list = collection::vec(prop_oneof![inner.clone(), Just(Value::Null)], 0..5).prop_map(Value::from);
        prop_oneof![list, collection::btree_map(any::<String>(), inner, 0..5).prop_map(members)]
    })
}

fn members(members: std::collections::BTreeMap<String, Value>) -> Value {
    Value::Object(members.into_iter().collect())
}

fn document() -> impl Strategy<Value = Value> {
    collection::btree_map(any::<String>(), value(true), 0..5).prop_map(members)
}

/// Two values with something in common, so that one is a change of the other.
fn two() -> impl Strategy<Value = (Option<Value>, Option<Value>)> {
    let related = (collection::btree_map("[a-c]", value(false), 0..3), collection::btree_map("[a-c]", value(false), 0..3));
    let related = (related, option::of(value(false))).prop_map(|((before, after), shared)| {
        let with = |members: std::collections::BTreeMap<String, Value>| {
            let mut object: Map<_, _> = members.into_iter().collect();
            object.extend(shared.clone().map(|shared| ("b".to_owned(), json!({"shared": shared}))));
            Value::Object(object)
        };
        (Some(with(before)), Some(with(after)))
    });
    prop_oneof![related, (option::of(value(false)), option::of(value(false)))]
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof!["[^/]{1,8}", any::<i64>().prop_map(|id| id.to_string()), "[a-z]{1,4} "]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![Just(Action::Created), Just(Action::Updated), Just(Action::Deleted)]
}

/// A change of what stands there, told by an event whose subject names the place.
fn event(prefix: &'static str, documents: impl Strategy<Value = (Option<Value>, Option<Value>)>) -> impl Strategy<Value = Event> {
    let place = ("[a-zA-Z]{1,6}", option::of((segment(), "[a-zA-Z]{1,6}")), segment());
    let rest = ("[a-z0-9-]{1,9}", option::of(0_i64..4_000_000_000_000), collection::btree_map("x[a-z0-9]{1,5}", ".{1,8}", 0..3));
    (action(), documents, place, rest).prop_map(move |(action, (before, after), (root, inner, key), (id, millis, attributes))| {
        let collection = match inner {
            Some((id, inner)) => format!("{root}/{id}/{inner}"),
            None => root,
        };
        let change = Change {
            action,
            key: Some(json!(key).to_string()),
            before: before.map(|before| before.to_string()),
            after: after.map(|after| after.to_string()),
            collection: Some(collection.clone()),
        };
        let event = Event::new(Provider::Gcp, Trigger::Change(Box::new(change)))
            .with_id(id)
            .with_source("//firestore.googleapis.com/projects/p/databases/d")
            .with_subject(format!("{prefix}{collection}/{key}"))
            .with_time(millis.and_then(Time::from_millis));
        attributes.into_iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
    })
}

/// What comes back of an event in both modes of a CloudEvent, without the bytes that it came in.
fn back(source: Source, event: &Event) -> Event {
    let (parts, body) = local::delivery(local::Form::Change(source), event).unwrap().into_parts();
    let mut binary = gcp::decode(&parts, &body).unwrap();
    assert_eq!(binary.len(), 1);
    let binary = binary.remove(0);
    assert_eq!(binary.raw(), &body);
    let request = Request::post("/").header("content-type", "application/cloudevents+json").body(()).unwrap();
    let body = encode_structured(&cloud_event(source, event).unwrap());
    let structured = gcp::decode(&request.into_parts().0, &body).unwrap().remove(0);
    assert_eq!(structured.with_raw(Bytes::new()), binary.clone().with_raw(Bytes::new()));
    binary.with_raw(Bytes::new())
}

fn change(event: &Event) -> &Change {
    match event.trigger() {
        Trigger::Change(change) => change,
        other => panic!("{other:?}"),
    }
}

fn with_sorted(event: &Event) -> Event {
    let sorted = |json: &Option<String>| json.as_deref().map(|json| serde_json::from_str::<Value>(json).unwrap().to_string());
    let change = Change { before: sorted(&change(event).before), after: sorted(&change(event).after), ..change(event).clone() };
    let mut event = event.clone();
    *event.trigger_mut() = Trigger::Change(Box::new(change));
    event
}

proptest! {
    #[test]
    fn a_document_comes_back(event in event("documents/", (option::of(document()), option::of(document())))) {
        for form in [Form::Protobuf, Form::Json] {
            prop_assert_eq!(&back(Source::Firestore(form), &event), &event);
            prop_assert_eq!(&back(Source::Datastore(form), &event), &event);
        }
    }

    #[test]
    fn what_stands_at_a_path_comes_back(event in event("refs/", two())) {
        let back = back(Source::RealtimeDatabase, &event);
        prop_assert_eq!(with_sorted(&back), with_sorted(&event));
    }
}

fn plain(change: Change) -> Event {
    Event::new(Provider::Gcp, Trigger::Change(Box::new(change))).with_id("1")
}

#[test]
fn what_an_event_does_not_say_is_made_up() {
    let change = Change { collection: Some("Shelf/north/Book".into()), key: Some(r#""7""#.into()), ..Change::default() };
    for (source, subject, host) in [
        (Source::Firestore(Form::Protobuf), "documents/Shelf/north/Book/7", "//firestore.googleapis.com/"),
        (Source::Datastore(Form::Json), "documents/Shelf/north/Book/__id7__", "//datastore.googleapis.com/"),
        (Source::RealtimeDatabase, "refs/Shelf/north/Book/7", "//firebasedatabase.googleapis.com/"),
    ] {
        let event = plain(change.clone());
        let back = back(source, &event);
        assert_eq!((back.subject(), back.trigger()), (Some(subject), event.trigger()));
        assert!(back.source().starts_with(host), "{}", back.source());
    }
}

#[test]
fn the_caller_is_in_the_type() {
    let change = Change { key: Some(r#""k""#.into()), collection: Some("c".into()), ..Change::default() };
    let event = plain(change).with_attribute("authtype", "system");
    for (source, ty) in [
        (Source::Firestore(Form::Json), "google.cloud.firestore.document.v1.updated.withAuthContext"),
        (Source::Datastore(Form::Protobuf), "google.cloud.datastore.entity.v1.updated.withAuthContext"),
        (Source::RealtimeDatabase, "google.firebase.database.ref.v1.updated"),
    ] {
        assert_eq!(cloud_event(source, &event).unwrap().ty, ty);
    }
}

#[test]
fn what_a_database_does_not_hold_is_refused_by_its_place() {
    let after = |after: &str| plain(Change { key: Some("7".into()), after: Some(after.to_owned()), ..Change::default() });
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(50), "]".repeat(50));
    for (after, path) in [
        (after(r#"{"a":{"b":[1,18446744073709551615]}}"#), "after.a.b.[1]"),
        (after(r#"{"a":1e400}"#), "after.a"),
        (after("5"), "after"),
        (after("{"), "after"),
        (plain(Change::default()), "key"),
        (Event::new(Provider::Gcp, Trigger::Direct), "trigger"),
    ] {
        for source in [Source::Firestore(Form::Protobuf), Source::Firestore(Form::Json), Source::Datastore(Form::Json)] {
            assert_eq!(delivery(source, &after).unwrap_err().path().replace("b[", "b.["), path, "{source:?}");
        }
    }
    for source in Source::ALL.into_iter().filter(|source| *source != Source::RealtimeDatabase) {
        assert!(delivery(source, &after(&deep)).is_err());
    }
    let nested = |levels, leaf| format!("{}{leaf}{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    let change = Change { key: Some("7".into()), before: Some(nested(40, 1)), after: Some(nested(40, 2)), ..Change::default() };
    assert!(delivery(Source::RealtimeDatabase, &plain(change)).is_err());
}
