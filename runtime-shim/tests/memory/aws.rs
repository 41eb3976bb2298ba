//! Deliveries of Lambda.

use bytes::Bytes;
use polyfn_shim::{
    Event,
    aws::{self, Frame},
    event::Kind,
    function::{Binding, Order},
};
use serde_json::{Value, json};

use super::{SIZE, alone, binding, handle, items, repeated};

fn decode(delivery: &Bytes) -> Vec<Event> {
    aws::decode(delivery, &Frame::default()).unwrap().into_events()
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
    handle(&binding(Kind::Queue, "orders"), Order::None, || records(|n| message(n, &body)), decode);
}

#[test]
fn a_batch_of_a_queue_whose_messages_are_large() {
    let _alone = alone();
    let lines: Vec<_> = (0..1_000).map(|n| json!({ "sku": format!("s-{n:06}"), "quantity": n % 9 })).collect();
    let body = json!({ "lines": lines }).to_string();
    handle(&binding(Kind::Queue, "orders"), Order::None, || records(|n| message(n, &body)), decode);
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
    handle(&binding(Kind::Stream, "clicks"), Order::Groups, || records(record), decode);
}

const UPLOAD: Binding = Binding::Http { methods: &[], path: Some("/upload") };

/// A request whose body is this JSON text.
fn request(body: &str, is_base64: bool) -> String {
    let request = json!({
        "version": "2.0", "rawPath": "/upload", "rawQueryString": "", "headers": { "x-escaped": "\"" },
        "requestContext": { "http": { "method": "POST", "path": "/upload" }, "stage": "$default" },
        "body": null, "isBase64Encoded": is_base64,
    });
    request.to_string().replace(r#""body":null"#, &format!(r#""body":"{body}""#))
}

#[test]
fn a_request_with_a_body_in_base64() {
    let _alone = alone();
    handle(&UPLOAD, Order::None, || request(&"QUJD".repeat(SIZE / 4 - 100), true), decode);
}

#[test]
fn a_request_with_a_body_of_text() {
    let _alone = alone();
    // What is escaped everywhere, here and there, and once, at the end.
    let texts = [r#"\""#, r"\n", r"\u00e9", r"\ud834\udd1e", r#"{\"sku\":\"s-000001\",\"quantity\":1},\n"#];
    for text in texts {
        handle(&UPLOAD, Order::None, || request(&repeated(text, SIZE - 400), false), decode);
    }
    handle(&UPLOAD, Order::None, || request(&format!(r"{}\n", "x".repeat(SIZE - 400)), false), decode);
}

/// So many records that each takes 1 KB.
const MANY: usize = 1_500;

/// A quarter of the most that Lambda delivers at once: of 600 bytes each, what an event takes of itself counts for more.
const SMALL: usize = 2_500;

#[test]
fn a_batch_of_kafka() {
    let _alone = alone();
    for count in [6, 25, MANY, SMALL] {
        let record = |n: usize, filler: &str| {
            let value = "QUJD".repeat(filler.len() / 4 + 4);
            format!(
                r#"{{"topic":"clicks","partition":0,"offset":{n},"timestamp":1730779568291,"timestampType":"CREATE_TIME","key":"dS03","value":"{value}","headers":[{{"lang":[103,97]}}]}}"#
            )
        };
        let delivery = || {
            let records = items(count, 400, record);
            format!(
                r#"{{"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:eu-west-1:123456789012:cluster/shop/0a1b2c3d-4","bootstrapServers":"b-1.shop.kafka.eu-west-1.amazonaws.com:9092","records":{{"clicks-0":[{records}]}}}}"#
            )
        };
        handle(&binding(Kind::Stream, "clicks"), Order::Groups, delivery, decode);
    }
}

#[test]
fn a_batch_of_dynamodb() {
    let _alone = alone();
    for count in [8, 25, MANY, 2_500] {
        let record = |n: usize, filler: &str| {
            let half = filler.get(..filler.len() / 2).unwrap();
            let image = |quantity| {
                format!(
                    r#"{{"id":{{"S":"o-{n}"}},"note":{{"S":"{half}\"\n"}},"lines":{{"L":[{{"M":{{"n":{{"N":"{quantity}"}}}}}}]}}}}"#
                )
            };
            format!(
                r#"{{"eventID":"c4ca4238a0b923820dcc509a6f75849b-{n}","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"eu-west-1","dynamodb":{{"ApproximateCreationDateTime":1545084650.5,"Keys":{{"id":{{"S":"o-{n}"}}}},"NewImage":{},"OldImage":{},"SequenceNumber":"4421584500000000017450439091","SizeBytes":26,"StreamViewType":"NEW_AND_OLD_IMAGES"}},"eventSourceARN":"arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2024-05-01T00:00:00.000"}}"#,
                image(1),
                image(2)
            )
        };
        let delivery = || format!(r#"{{"Records":[{}]}}"#, items(count, 400, record));
        handle(&binding(Kind::Change, "orders"), Order::Groups, delivery, decode);
    }
}

#[test]
fn a_batch_of_documentdb() {
    let _alone = alone();
    // One document whose text is escaped, and many.
    for (count, text) in [(1, r#"\""#), (1, r"\n\u00e9 text"), (1, "x"), (25, "x"), (MANY, "x"), (SMALL, "x")] {
        let record = |n: usize, filler: &str| {
            let text = repeated(text, filler.len() + 16);
            format!(
                r#"{{"event":{{"_id":{{"_data":"01664b1c{n}"}},"clusterTime":{{"$timestamp":{{"t":1714557600,"i":9}}}},"documentKey":{{"_id":{{"$oid":"664b1c0000d418cd98afb1c1"}}}},"fullDocument":{{"_id":{{"$oid":"664b1c0000d418cd98afb1c1"}},"text":"{text}","pages":{{"$numberInt":"732"}}}},"ns":{{"db":"library","coll":"loans"}},"operationType":"insert"}}}}"#
            )
        };
        let delivery = || {
            let events = items(count, 400, record);
            format!(
                r#"{{"eventSourceArn":"arn:aws:rds:eu-west-1:123456789012:cluster:library","events":[{events}],"eventSource":"aws:docdb"}}"#
            )
        };
        handle(&binding(Kind::Change, "loans"), Order::Groups, delivery, decode);
    }
}

#[test]
fn a_batch_of_a_queue_whose_messages_are_of_a_topic() {
    let _alone = alone();
    for size in [200, 50_000] {
        let text = json!({ "order": "o-000001", "lines": "x\n".repeat(size / 4) }).to_string();
        let notification = json!({
            "Type": "Notification", "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b", "Message": text,
            "TopicArn": "arn:aws:sns:eu-central-1:123456789012:orders", "Timestamp": "2019-01-02T12:45:07.000Z",
            "SignatureVersion": "1", "Signature": "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi".repeat(8),
        });
        let body = notification.to_string();
        handle(&binding(Kind::Topic, "orders"), Order::None, || records(|n| message(n, &body)), decode);
    }
}
