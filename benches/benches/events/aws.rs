//! The sources of AWS, beside `aws_lambda_events` and what its user adds: serde_json, or serde_dynamo for an item.

use aws_lambda_events::{dynamodb, kinesis, s3, sqs};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use polyfn_shim::{
    Event, Trigger,
    aws::{self, Decoded, Frame},
    event,
};
use serde_json::{Value, json};

use crate::{
    bench::Bench,
    payload::{Order, Seen},
};

const PEER: &str = "aws_lambda_events";

pub(crate) fn run(bench: &mut Bench) {
    let delivery = records(10, message);
    bench.source(
        "sqs-10",
        PEER,
        delivery.len(),
        (|| decode(&delivery), |decoded| each(decoded, |event| seen(event.id(), event.data()))),
        (|| read::<sqs::SqsEvent>(&delivery), |event| event.records.iter().map(sqs_seen).collect()),
    );
    let delivery = records(10, change);
    bench.source(
        "dynamodb-10",
        PEER,
        delivery.len(),
        (|| decode(&delivery), |decoded| each(decoded, changed)),
        (|| read::<dynamodb::Event>(&delivery), |event| event.records.into_iter().map(dynamodb_seen).collect()),
    );
    let delivery = records(100, record);
    bench.source(
        "kinesis-100",
        PEER,
        delivery.len(),
        (|| decode(&delivery), |decoded| each(decoded, |event| seen(event.id(), event.data()))),
        (|| read::<kinesis::KinesisEvent>(&delivery), |event| event.records.iter().map(kinesis_seen).collect()),
    );
    // S3 sends one record at a time; many are what shows the cost of a record alone.
    for count in [1, 10] {
        let delivery = records(count, notification);
        bench.source(
            &format!("s3-{count}"),
            PEER,
            delivery.len(),
            (|| decode(&delivery), |decoded| each(decoded, stored)),
            (|| read::<s3::S3Event>(&delivery), |event| event.records.iter().map(s3_seen).collect()),
        );
    }
}

fn decode(delivery: &Bytes) -> Decoded {
    aws::decode(delivery, &Frame::default()).expect("a good delivery")
}

fn read<T: serde::de::DeserializeOwned>(delivery: &Bytes) -> T {
    serde_json::from_slice(delivery).expect("a good delivery")
}

fn each<T>(decoded: Decoded, seen: impl Fn(&Event) -> T) -> Vec<T> {
    decoded.events().iter().map(seen).collect()
}

fn seen(id: &str, data: Option<&Bytes>) -> Seen {
    let data = data.expect("data");
    Seen { id: id.to_owned(), order: serde_json::from_slice(data).expect("an order") }
}

fn sqs_seen(message: &sqs::SqsMessage) -> Seen {
    let body = message.body.as_deref().expect("a body");
    Seen { id: message.message_id.clone().expect("an id"), order: serde_json::from_str(body).expect("an order") }
}

fn kinesis_seen(record: &kinesis::KinesisEventRecord) -> Seen {
    let order = serde_json::from_slice(&record.kinesis.data).expect("an order");
    Seen { id: record.event_id.clone().expect("an id"), order }
}

fn changed(event: &Event) -> (Seen, Option<Order>) {
    let Trigger::Change(change) = event.trigger() else { panic!("no change") };
    let order = |json: &Option<String>| json.as_deref().map(|json| serde_json::from_str(json).expect("an order"));
    (Seen { id: event.id().to_owned(), order: order(&change.after).expect("an item") }, order(&change.before))
}

fn dynamodb_seen(record: dynamodb::EventRecord) -> (Seen, Option<Order>) {
    let (after, before) = (record.change.new_image, record.change.old_image);
    let order = serde_dynamo::from_item(after).expect("an order");
    (Seen { id: record.event_id, order }, Some(serde_dynamo::from_item(before).expect("an order")))
}

/// Bucket, key, size and entity tag.
type Stored = (String, String, Option<i64>, Option<String>);

fn stored(event: &Event) -> Stored {
    let Trigger::Object(object) = event.trigger() else { panic!("no object") };
    let event::Object { bucket, key, size, etag, .. } = &**object;
    (bucket.clone(), key.clone(), size.and_then(|size| i64::try_from(size).ok()), etag.clone())
}

fn s3_seen(record: &s3::S3EventRecord) -> Stored {
    let object = &record.s3.object;
    let key = object.key.as_deref().expect("a key").replace('+', " ");
    let key = percent_encoding::percent_decode_str(&key).decode_utf8().expect("UTF-8").into_owned();
    (record.s3.bucket.name.clone().expect("a bucket"), key, object.size, object.e_tag.clone())
}

fn records(count: usize, record: fn(usize) -> Value) -> Bytes {
    json!({ "Records": (0..count).map(record).collect::<Vec<_>>() }).to_string().into()
}

fn message(n: usize) -> Value {
    json!({
        "messageId": format!("059f36b4-87a3-44ab-83d2-{n:012}"), "receiptHandle": "AQEB".repeat(90),
        "body": Order::nth(n).json(),
        "attributes": {
            "ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183", "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185", "AWSTraceHeader": "Root=1-68f0a1b2-3c4d5e6f708192a3b4c5d6e7",
        },
        "messageAttributes": {
            "tenant": { "stringValue": "north", "stringListValues": [], "binaryListValues": [], "dataType": "String" },
        },
        "md5OfBody": "098f6bcd4621d373cade4e832627b4f6", "md5OfMessageAttributes": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:orders", "awsRegion": "eu-central-1",
    })
}

/// The order as an item with DynamoDB's types.
fn item(order: &Order) -> Value {
    let line = |line: &crate::payload::Line| json!({ "M": { "sku": { "S": line.sku }, "quantity": { "N": line.quantity.to_string() } } });
    json!({
        "id": { "S": order.id }, "customer": { "S": order.customer }, "email": { "S": order.email },
        "total": { "N": order.total.to_string() }, "express": { "BOOL": order.express }, "note": { "S": order.note },
        "lines": { "L": order.lines.iter().map(line).collect::<Vec<_>>() },
    })
}

fn change(n: usize) -> Value {
    json!({
        "eventID": format!("c9fbe7d0261a5163fcb6940593e{n:05}"), "eventName": "MODIFY", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "eu-central-1",
        "dynamodb": {
            "Keys": { "id": { "S": format!("order-{n:06}") } },
            "NewImage": item(&Order::nth(n)), "OldImage": item(&Order { total: 1, ..Order::nth(n) }),
            "ApproximateCreationDateTime": 1_480_642_020, "SequenceNumber": format!("400000000000000{n:06}"), "SizeBytes": 640,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/stream/2016-12-02T01:27:45.508",
    })
}

fn record(n: usize) -> Value {
    let sequence = format!("49590338271490256608559692538361571095921575989136{n:06}");
    json!({
        "kinesis": {
            "kinesisSchemaVersion": "1.0", "partitionKey": format!("customer-{:04}", n % 97), "sequenceNumber": sequence,
            "data": STANDARD.encode(Order::nth(n).json()), "approximateArrivalTimestamp": 1_545_084_650.987,
        },
        "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": format!("shardId-000000000006:{sequence}"),
        "eventName": "aws:kinesis:record", "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
        "awsRegion": "eu-central-1", "eventSourceARN": "arn:aws:kinesis:eu-central-1:123456789012:stream/orders",
    })
}

fn notification(_: usize) -> Value {
    json!({
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1", "eventTime": "2019-09-03T19:37:27.192Z",
        "eventName": "ObjectCreated:Put", "userIdentity": { "principalId": "AWS:AIDAINPONIXQXHT3IKHL2" },
        "requestParameters": { "sourceIPAddress": "203.0.113.24" },
        "responseElements": {
            "x-amz-request-id": "D82B88E5F771F645", "x-amz-id-2": "vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo=",
        },
        "s3": {
            "s3SchemaVersion": "1.0", "configurationId": "828aa6fc-f7b5-4305-8584-487c791949c1",
            "bucket": { "name": "uploads", "ownerIdentity": { "principalId": "A3I5XTEXAMAI3E" }, "arn": "arn:aws:s3:::uploads" },
            "object": {
                "key": "photos/a+b%C3%BC.png", "size": 1_305_107, "eTag": "b21b84d653bb07b05b1e6b33684dc11b", "versionId": "v1",
                "sequencer": "0C0F6F405D6ED209E1",
            },
        },
    })
}
