//! The sources of Google Cloud, beside `cloudevents-sdk` with serde_json or prost. A wrapped push is no CloudEvent and has no
//! crate: beside it stands what a user writes, two structs, base64 and a time. Both hand over the same: the bytes of the message,
//! its ids, its attributes in a collection, when it was published, its key, and which delivery it is.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use cloudevents::{AttributesReader, Data, binding::http::to_event};
use http::{Request, request::Parts};
use jiff::Timestamp;
use polyfn_shim::{Event, Trigger, gcp};
use prost::Message as _;
use serde::Deserialize;
use serde_json::json;

use crate::{
    bench::Bench,
    firestore::{DocumentEventData, document, order},
    payload::{Order, Seen},
};

const PEER: &str = "cloudevents-sdk";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Push {
    message: Pushed,
    subscription: String,
    delivery_attempt: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pushed {
    message_id: String,
    data: String,
    attributes: HashMap<String, String>,
    publish_time: String,
    ordering_key: Option<String>,
}

/// The message as the function gets it.
struct Received {
    id: String,
    data: Vec<u8>,
    attributes: HashMap<String, String>,
    time: Timestamp,
    key: Option<String>,
    subscription: String,
    attempt: u32,
}

impl Received {
    fn read(body: &[u8]) -> Self {
        let Push { message, subscription, delivery_attempt } = serde_json::from_slice(body).expect("a good push");
        Self {
            id: message.message_id,
            data: STANDARD.decode(message.data).expect("base64"),
            attributes: message.attributes,
            time: message.publish_time.parse().expect("a time"),
            key: message.ordering_key,
            subscription,
            attempt: delivery_attempt.unwrap_or(1),
        }
    }

    fn seen(self) -> Message {
        assert!(!self.subscription.is_empty());
        let order = serde_json::from_slice(&self.data).expect("an order");
        let mut attributes: Vec<_> = self.attributes.into_iter().collect();
        attributes.sort_unstable();
        let seen = Seen { id: self.id, order };
        Message { seen, attributes, time: self.time.to_string(), key: self.key, attempt: self.attempt }
    }
}

/// What both sides say of a message.
#[derive(Debug, PartialEq)]
struct Message {
    seen: Seen,
    attributes: Vec<(String, String)>,
    time: String,
    key: Option<String>,
    attempt: u32,
}

pub(crate) fn run(bench: &mut Bench) {
    let (parts, body) = request("/projects/p/topics/orders", &[("content-type", "application/json")], push().into());
    bench.source(
        "pubsub-push",
        "serde",
        body.len(),
        (|| decode(&parts, &body), |event| seen(&event)),
        (|| Received::read(&body), Received::seen),
    );

    let headers = [
        ("ce-id", "11"),
        ("ce-specversion", "1.0"),
        ("ce-type", "google.cloud.pubsub.topic.v1.messagePublished"),
        ("ce-source", "//pubsub.googleapis.com/projects/p/topics/orders"),
        ("ce-time", "2026-11-26T09:00:00.25Z"),
        ("content-type", "application/json"),
    ];
    let (parts, body) = request("/", &headers, push().into());
    bench.source(
        "pubsub-eventarc",
        PEER,
        body.len(),
        (|| decode(&parts, &body), |event| seen(&event)),
        (
            || {
                let event = read(&parts, &body);
                let Some(Data::Binary(bytes)) = event.data() else { panic!("no bytes") };
                let message = Received::read(bytes);
                (event, message)
            },
            |(event, message)| {
                assert!(event.time().is_some());
                message.seen()
            },
        ),
    );

    let headers = [
        ("ce-id", "7"),
        ("ce-specversion", "1.0"),
        ("ce-type", "google.cloud.firestore.document.v1.updated"),
        ("ce-source", "//firestore.googleapis.com/projects/p/databases/(default)"),
        ("ce-subject", "documents/orders/order-000001"),
        ("ce-time", "2026-11-26T09:00:00.123456Z"),
        (
            "ce-dataschema",
            "https://googleapis.github.io/google-cloudevents/jsonschema/google/events/cloud/firestore/v1/DocumentEventData.json",
        ),
        ("ce-document", "orders/order-000001"),
        ("ce-database", "(default)"),
        ("ce-project", "p"),
        ("ce-location", "eur3"),
        ("ce-namespace", "(default)"),
        ("content-type", "application/protobuf"),
    ];
    let change = DocumentEventData {
        value: Some(document(&Order::nth(1))),
        old_value: Some(document(&Order { total: 1, ..Order::nth(1) })),
    };
    let (parts, body) = request("/", &headers, change.encode_to_vec().into());
    bench.source(
        "firestore-protobuf",
        "cloudevents-sdk-prost",
        body.len(),
        (|| decode(&parts, &body), |event| changed(&event)),
        (
            || {
                let mut event = read(&parts, &body);
                let (_, _, Some(Data::Binary(data))) = event.take_data() else { panic!("no bytes") };
                DocumentEventData::decode(&*data).expect("a good change")
            },
            documents,
        ),
    );
}

fn decode(parts: &Parts, body: &Bytes) -> Event {
    gcp::decode(parts, body).expect("a good delivery").pop().expect("one event")
}

fn read(parts: &Parts, body: &Bytes) -> cloudevents::Event {
    to_event(&parts.headers, body.to_vec()).expect("a good delivery")
}

fn seen(event: &Event) -> Message {
    let Trigger::Topic(topic) = event.trigger() else { panic!("no message") };
    let order = serde_json::from_slice(event.data().expect("data")).expect("an order");
    let mut attributes = event.attributes().to_vec();
    attributes.sort_unstable();
    let time = event.time().expect("a time").to_string();
    let seen = Seen { id: event.id().to_owned(), order };
    Message { seen, attributes, time, key: topic.ordering_key.clone(), attempt: event.attempt() }
}

/// The orders after and before a change.
fn changed(event: &Event) -> (Order, Order) {
    let Trigger::Change(change) = event.trigger() else { panic!("no change") };
    let order = |json: &Option<String>| serde_json::from_str(json.as_deref().expect("a document")).expect("an order");
    (order(&change.after), order(&change.before))
}

fn documents(change: DocumentEventData) -> (Order, Order) {
    (order(change.value.expect("a document").fields), order(change.old_value.expect("a document").fields))
}

fn push() -> String {
    let message = json!({
        "attributes": { "tenant": "north", "kind": "order" }, "data": STANDARD.encode(Order::nth(1).json()),
        "messageId": "11", "message_id": "11", "publishTime": "2026-11-26T09:00:00.25Z", "publish_time": "2026-11-26T09:00:00.25Z",
        "orderingKey": "customer-0001",
    });
    json!({ "message": message, "subscription": "projects/p/subscriptions/orders-push", "deliveryAttempt": 2 }).to_string()
}

/// A request as Cloud Run receives it.
fn request(path: &str, headers: &[(&str, &str)], body: Bytes) -> (Parts, Bytes) {
    const FRONT: [(&str, &str); 8] = [
        ("host", "orders-abcdefghij-ew.a.run.app"),
        ("user-agent", "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"),
        ("accept", "application/json"),
        ("from", "noreply@google.com"),
        ("authorization", "Bearer not-a-real-token-but-about-as-long-as-a-short-one-would-be"),
        ("x-cloud-trace-context", "68f0a1b23c4d5e6f708192a3b4c5d6e7/1;o=1"),
        ("x-forwarded-for", "203.0.113.24"),
        ("x-forwarded-proto", "https"),
    ];
    let request = FRONT.iter().chain(headers).fold(Request::post(path), |request, (name, value)| request.header(*name, *value));
    (request.body(()).expect("a request").into_parts().0, body)
}
