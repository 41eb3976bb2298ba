//! One delivery of each source, and the whole events that it must become.
#![cfg(feature = "aws")]

use bytes::Bytes;
use polyfn_shim::aws::{self, Frame, Shape};
use polyfn_tests::TestData;
use serde_json::Value;

/// What a source's delivery looks like, by which its reply is made.
fn shape(source: &str) -> Shape {
    match source {
        "API Gateway REST" => Shape::Rest,
        "API Gateway HTTP 1.0" => Shape::HttpApi1,
        "API Gateway HTTP 2.0" => Shape::HttpApi2,
        "API Gateway WebSocket" => Shape::WebSocket,
        "Function URL" => Shape::FunctionUrl,
        "ALB" => Shape::AlbSingle,
        "ALB multi-value" => Shape::AlbMulti,
        "VPC Lattice v1" => Shape::Lattice1,
        "VPC Lattice v2" => Shape::Lattice2,
        "SQS FIFO" => Shape::SqsFifo,
        "SNS" | "S3 in SNS" => Shape::Sns,
        "S3" => Shape::S3,
        "EventBridge" | "EventBridge rule" | "EventBridge Scheduler" | "S3 by EventBridge" => Shape::EventBridge,
        "DynamoDB streams" => Shape::DynamoDb,
        "DocumentDB" => Shape::DocumentDb,
        "Kinesis" => Shape::Kinesis,
        "MSK" | "self-managed Kafka" => Shape::Kafka,
        source if source == "SQS" || source.ends_with(" in SQS") => Shape::Sqs,
        _ => Shape::Direct,
    }
}

#[test]
fn each_delivery_becomes_its_events() {
    let frame = Frame::new("frame-1").with_function_arn("arn:aws:lambda:eu-west-1:123456789012:function:orders");
    let data = TestData::of("aws");
    assert!(data.is_sorted());
    for row in &data.rows {
        let name = &row.file;
        let delivery = Bytes::from(data.read(row, ".json"));
        let decoded = aws::decode(&delivery, &frame).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(decoded.shape(), shape(&row.source), "{name}");
        assert_eq!(serde_json::to_value(decoded.events()).unwrap(), Value::Array(data.events(row)), "{name}");
        assert_eq!(decoded.receipts().len(), decoded.events().len(), "{name}");
        for event in decoded.events() {
            assert_eq!(event.trigger().kind().as_str(), row.trigger, "{name}");
            assert_eq!(event.raw(), &delivery, "{name}");
        }
    }
}

#[test]
fn a_test_of_notifications_is_done_with() {
    let data = TestData::of("aws");
    let without_events: Vec<_> = data.rows.iter().filter(|row| data.events(row).is_empty()).collect();
    let [row] = without_events.as_slice() else { panic!("not one row without events: {without_events:?}") };
    let decoded = aws::decode(&data.read(row, ".json").into(), &Frame::default()).unwrap();
    assert_eq!((row.file.as_str(), decoded.tests()), ("s3-test", 1));
    assert_eq!(aws::encode::events(decoded.shape(), decoded.receipts(), &[]).unwrap(), r#"{"batchItemFailures":[]}"#);
}
