//! A delivery of the size that Lambda allows takes at most three times that size, itself included, until it is answered.
#![cfg(all(feature = "aws", feature = "gcp"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Request;
use peak_alloc::PeakAlloc;
use polyfn_shim::{
    Event, Invocation, Outcome, Provider, Reply,
    aws::{self, Frame},
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Order, Table},
    gcp,
};
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that Lambda delivers at once.
///
/// Source: [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const SIZE: usize = 6 * 1024 * 1024;

/// One test at a time, with all it makes: the memory is the process's.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Decodes a delivery and has every event of it handled, with no more memory than three deliveries would take.
fn handle(delivery: String, binding: Binding, order: Order, decode: impl Fn(&Bytes) -> Vec<Event>) {
    let delivery = delivery.into_boxed_str();
    let size = delivery.len();
    assert!(size > SIZE * 9 / 10 && size <= SIZE, "{size} bytes");
    let function = Function::new(Description::new("work", binding), |event, _| async move {
        match event.data() {
            Some(data) if data.len() > 10 => Outcome::Done(Reply::Empty),
            data => panic!("{data:?}"),
        }
    });
    let table = Arc::new(Table::new(Functions::new(vec![function]), None, true).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let before = MEMORY.current_usage() - size;
    MEMORY.reset_peak_usage();

    let delivery = Bytes::from(delivery.into_boxed_bytes());
    let events = decode(&delivery);
    let decoded = MEMORY.peak_usage() - before;
    let outcomes = runtime.block_on(table.invoke_all(events, Invocation::new(Provider::Aws, "1"), order));

    let handled = MEMORY.peak_usage() - before;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done(_))), "{} outcomes", outcomes.len());
    let (decoded, handled) = (decoded * 100 / size, handled * 100 / size);
    println!("{} events: {decoded} % of the delivery to decode, {handled} % to handle", outcomes.len());
    assert!(handled <= 300, "{handled} % of the delivery, {decoded} % to decode it");
}

fn aws(delivery: &Bytes) -> Vec<Event> {
    aws::decode(delivery, &Frame::default()).unwrap().into_events()
}

fn binding(kind: Kind, name: &'static str) -> Binding {
    Binding::Resource { kind, name, filter: Filter::default() }
}

/// As many of these records as there is room for, none of them escaped more than its own text asks for.
fn records(record: impl Fn(usize) -> Value) -> String {
    let one = record(0).to_string().len() + 1;
    let records: Vec<_> = (0..(SIZE - 20) / one).map(|n| record(n).to_string()).collect();
    let mut delivery = String::with_capacity(SIZE);
    delivery.push_str(r#"{"Records":["#);
    delivery.push_str(&records.join(","));
    delivery.push_str("]}");
    delivery
}

fn message(n: usize, body: &str) -> Value {
    json!({
        "messageId": format!("059f36b4-87a3-44ab-83d2-{n:012}"), "receiptHandle": "AQEB".repeat(90), "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183", "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        "messageAttributes": {}, "md5OfBody": "098f6bcd4621d373cade4e832627b4f6", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:orders", "awsRegion": "eu-central-1",
    })
}

#[test]
fn a_batch_of_a_queue_whose_messages_are_small() {
    let _alone = alone();
    let body = json!({ "order": "o-000001", "note": "x".repeat(100), "lines": [{ "sku": "s-1", "quantity": 1 }] }).to_string();
    handle(records(|n| message(n, &body)), binding(Kind::Queue, "orders"), Order::None, aws);
}

#[test]
fn a_batch_of_a_queue_whose_messages_are_large() {
    let _alone = alone();
    let lines: Vec<_> = (0..4_000).map(|n| json!({ "sku": format!("s-{n:06}"), "quantity": n % 9 })).collect();
    let body = json!({ "lines": lines }).to_string();
    handle(records(|n| message(n, &body)), binding(Kind::Queue, "orders"), Order::None, aws);
}

#[test]
fn a_batch_of_kinesis() {
    let _alone = alone();
    let record = |n: usize| {
        let sequence = format!("49590338271490256608559692538361571095921575989136{n:06}");
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0", "partitionKey": "customer-1", "sequenceNumber": sequence, "data": "QUJD".repeat(64),
                "approximateArrivalTimestamp": 1_545_084_650.987,
            },
            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": format!("shardId-000000000006:{sequence}"),
            "eventName": "aws:kinesis:record", "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
            "awsRegion": "eu-central-1", "eventSourceARN": "arn:aws:kinesis:eu-central-1:123456789012:stream/clicks",
        })
    };
    handle(records(record), binding(Kind::Stream, "clicks"), Order::Groups, aws);
}

fn request(body: &str) -> String {
    let request = json!({
        "version": "2.0", "rawPath": "/upload", "rawQueryString": "", "headers": { "content-type": "application/octet-stream" },
        "requestContext": { "http": { "method": "POST", "path": "/upload" }, "stage": "$default" },
        "body": body, "isBase64Encoded": true,
    });
    request.to_string()
}

#[test]
fn a_request_with_a_body_in_base64() {
    let _alone = alone();
    let delivery = request(&"QUJD".repeat(SIZE / 4 - 100));
    handle(delivery, Binding::Http { methods: &[], path: Some("/upload") }, Order::None, aws);
}

#[test]
fn a_push_of_pubsub() {
    let _alone = alone();
    let message = json!({ "data": "QUJD".repeat(SIZE / 4 - 100), "messageId": "1", "publishTime": "2026-11-26T09:00:00Z" });
    let delivery = json!({ "message": message, "subscription": "projects/p/subscriptions/s" }).to_string();
    let decode = |delivery: &Bytes| {
        let request = Request::post("/projects/p/topics/news").header("content-type", "application/json");
        gcp::decode(&request.body(()).unwrap().into_parts().0, delivery).unwrap()
    };
    handle(delivery, binding(Kind::Topic, "news"), Order::None, decode);
}
