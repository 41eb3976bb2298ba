//! What a source makes of a reply.

use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    Event, Provider, Trigger, aws,
    aws::Shape,
    event::{Queue, Stream},
    local::{
        Settled::{self, Acknowledged, Again},
        aws::{FUNCTION_ERROR, events, identifiers, settled},
    },
};

fn reply(body: &str) -> Response<Bytes> {
    Response::new(Bytes::from(body.to_owned()))
}

fn abc(shape: Shape, body: &str) -> [Settled; 3] {
    settled(shape, &["a", "b", "c"], &reply(body)).try_into().unwrap()
}

/// Every reply that Lambda's documentation calls a complete success.
const ALL_DONE: [&str; 4] = ["null", "{}", r#"{"batchItemFailures":null}"#, r#"{"batchItemFailures":[]}"#];

/// Every reply that it calls a complete failure.
const ALL_FAILED: [&str; 11] = [
    "",
    "{",
    "[]",
    "\"done\"",
    r#"{"batchItemFailures":{}}"#,
    r#"{"batchItemFailures":[{}]}"#,
    r#"{"batchItemFailures":["a"]}"#,
    r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
    r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
    r#"{"batchItemFailures":[{"ItemIdentifier":"a"}]}"#,
    r#"{"batchItemFailures":[{"itemIdentifier":"z"}]}"#,
];

#[test]
fn a_queue_keeps_what_the_reply_lists() {
    for shape in [Shape::Sqs, Shape::SqsFifo] {
        let list = r#"{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}"#;
        assert_eq!(abc(shape, list), [Again, Acknowledged, Again]);
    }
}

#[test]
fn a_stream_goes_back_to_the_first_that_the_reply_lists() {
    for shape in [Shape::Kinesis, Shape::DynamoDb] {
        let list = r#"{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"b"}]}"#;
        assert_eq!(abc(shape, list), [Acknowledged, Again, Again]);
    }
}

#[test]
fn nothing_is_a_complete_success_and_nonsense_a_complete_failure() {
    for shape in [Shape::Sqs, Shape::SqsFifo, Shape::Kinesis, Shape::DynamoDb, Shape::Kafka] {
        for body in ALL_DONE {
            assert_eq!(abc(shape, body), [Acknowledged; 3], "{shape:?} {body}");
        }
        for body in ALL_FAILED {
            assert_eq!(abc(shape, body), [Again; 3], "{shape:?} {body}");
        }
    }
}

#[test]
fn a_failed_invocation_fails_every_event() {
    for shape in Shape::EVENTS {
        let mut failed = reply("{}");
        failed.headers_mut().insert(FUNCTION_ERROR, "Unhandled".parse().unwrap());
        assert_eq!(settled(shape, &["a", "b"], &failed), [Again; 2], "{shape:?}");
        let mut refused = reply("{}");
        *refused.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(settled(shape, &["a", "b"], &refused), [Again; 2], "{shape:?}");
    }
}

#[test]
fn other_sources_read_no_list() {
    for shape in [Shape::Sns, Shape::S3, Shape::EventBridge, Shape::DocumentDb, Shape::Direct] {
        for body in ALL_FAILED.iter().chain(&ALL_DONE) {
            assert_eq!(abc(shape, body), [Acknowledged; 3], "{shape:?} {body}");
        }
    }
}

#[test]
fn each_partition_of_kafka_goes_back_alone() {
    let list = r#"{"batchItemFailures":[{"itemIdentifier":{"partition":"my-clicks-0","offset":16}}]}"#;
    let ids = ["my-clicks-0-15", "my-clicks-0-16", "my-clicks-1-16", "my-clicks-0-17"];
    assert_eq!(settled(Shape::Kafka, &ids, &reply(list)), [Acknowledged, Again, Acknowledged, Again]);
    let text = r#"{"batchItemFailures":[{"itemIdentifier":{"partition":"my-clicks-0","offset":"16"}}]}"#;
    assert_eq!(settled(Shape::Kafka, &ids, &reply(text)), [Again; 4]);
}

#[test]
fn identifiers_are_those_that_a_reply_must_name() {
    let queue = |id: &str| Event::new(Provider::Aws, Trigger::Queue(Queue::default())).with_id(id);
    let stream = |sequence: &str| {
        let partition = Some("0".to_owned());
        let stream = Stream { name: Some("s".to_owned()), partition, sequence: Some(sequence.to_owned()), ..Stream::default() };
        Event::new(Provider::Aws, Trigger::Stream(stream)).with_id("other")
    };
    let change = || Event::new(Provider::Aws, Trigger::Change(Box::default()));
    assert_eq!(identifiers(Shape::Sqs, &[queue("m"), queue("n")]), ["m", "n"]);
    assert_eq!(identifiers(Shape::Kinesis, &[stream("17"), stream("18")]), ["17", "18"]);
    assert_eq!(identifiers(Shape::Kafka, &[stream("17")]), ["s-0-17"]);
    assert_eq!(identifiers(Shape::DynamoDb, &[change(), change()]), ["1", "2"]);
    // As the decoder, which knows nothing of this module, reads them back.
    for (shape, sent) in [(Shape::Kinesis, vec![stream("17"), stream("18")]), (Shape::DynamoDb, vec![change(), change()])] {
        let decoded = aws::decode(&events(shape, &sent), &aws::Frame::default()).unwrap();
        let read: Vec<_> = decoded.receipts().iter().map(|receipt| receipt.id().unwrap().to_owned()).collect();
        assert_eq!(read, identifiers(shape, &sent), "{shape:?}");
    }
}
