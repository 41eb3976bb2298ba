//! Requests to Cloud Run.

use bytes::Bytes;
use http::{Request, request::Parts};
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Change, Kind},
    function::Order,
    gcp,
    local::gcp::changes::{Form, Source, delivery},
};
use serde_json::{Value, json};

use super::{SIZE, alone, binding, handle, repeated};

#[test]
fn a_push_of_pubsub() {
    let _alone = alone();
    let message = || {
        let message = json!({ "data": "QUJD".repeat(SIZE / 4 - 100), "messageId": "1", "publishTime": "2026-11-26T09:00:00Z" });
        json!({ "message": message, "subscription": "projects/p/subscriptions/s" }).to_string()
    };
    let decode = |delivery: &Bytes| {
        let request = Request::post("/projects/p/topics/news").header("content-type", "application/json");
        gcp::decode(&request.body(()).unwrap().into_parts().0, delivery).unwrap()
    };
    handle(&binding(Kind::Topic, "news"), Order::None, message, decode);
}

/// What a database sends for a change from this document to itself, or to it from nothing.
fn change(source: Source, document: &Value, is_new: bool) -> (Parts, Bytes) {
    let document = document.to_string();
    let before = (!is_new).then(|| document.clone());
    let change = Change {
        collection: Some("books".into()),
        key: Some(r#""dune""#.into()),
        before,
        after: Some(document),
        ..Change::default()
    };
    let event = Event::new(Provider::Gcp, Trigger::Change(Box::new(change))).with_id("1");
    delivery(source, &event).unwrap().into_parts()
}

#[test]
fn a_document_of_a_database() {
    let _alone = alone();
    // A text of nothing but what is escaped is what a decoder has most to do with.
    handled(Source::Firestore(Form::Json), true, |size| json!({ "text": "\"\n".repeat(size / 4) }));
    for source in [Source::Firestore(Form::Protobuf), Source::Firestore(Form::Json), Source::RealtimeDatabase] {
        let field = |n: usize| (format!("field-{n:06}"), json!({ "text": "some words", "count": n, "list": [1.5, true, n] }));
        handled(source, true, |size| json!({ "text": "x".repeat(size) }));
        handled(source, false, |size| json!({ "text": repeated("{\"sku\":\"s-000001\"},\n", size) }));
        handled(source, false, |size| json!({ "list": vec!["some words, and \"more\""; size / 30] }));
        handled(source, false, |size| Value::Object((0..size / 80).map(field).collect()));
    }
}

/// Has a change handled of a document that is as large as asked for, or near it.
fn handled(source: Source, is_new: bool, document: impl Fn(usize) -> Value) {
    // How much of a delivery a document takes is seen with small ones.
    let length = |size| change(source, &document(size), is_new).1.len();
    let (small, larger) = (length(100_000), length(200_000));
    let (parts, body) = change(source, &document(100_000 + (SIZE * 49 / 50 - small) / ((larger - small) / 1000) * 100), is_new);
    handle(&binding(Kind::Change, "books"), Order::None, || body.clone(), |delivery| gcp::decode(&parts, delivery).unwrap());
}
