//! What each source of events sends Lambda, in the odd cases: one row a case, numbered as AWS's own documents and public
//! captures were gone through.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use bytes::Bytes;
use polyfn_shim::{
    Event, Failure, Outcome, Reply, Trigger,
    aws::{self, Decoded, Frame, Shape, encode},
    event::{Action, Change, Object, Stream},
};
use serde_json::{Value, json};

fn decode(json: &Value) -> Decoded {
    let bytes = Bytes::from(json.to_string());
    let decoded = aws::decode(&bytes, &Frame::new("f")).unwrap_or_else(|e| panic!("{json}: {e}"));
    for event in decoded.events() {
        assert_eq!(event.raw(), &bytes);
    }
    decoded
}

fn one(json: &Value) -> Event {
    let decoded = decode(json);
    assert_eq!(decoded.events().len(), 1, "{json}");
    decoded.into_events().remove(0)
}

fn refused(json: &Value) -> String {
    aws::decode(&Bytes::from(json.to_string()), &Frame::default()).unwrap_err().to_string()
}

fn sqs(bodies: &[&str]) -> Value {
    let records = bodies.iter().enumerate().map(|(index, body)| {
        json!({"messageId": format!("m{}", index + 1), "body": body, "eventSource": "aws:sqs",
            "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1520621625029"},
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

/// Three messages of these groups.
fn grouped(arn: &str, groups: [&str; 3]) -> Decoded {
    let mut delivery = sqs(&["1", "2", "3"]);
    for (record, group) in delivery["Records"].as_array_mut().unwrap().iter_mut().zip(groups) {
        record["attributes"]["MessageGroupId"] = json!(group);
        record["eventSourceARN"] = json!(arn);
    }
    decode(&delivery)
}

fn s3_record(key: &str) -> Value {
    json!({"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2024-05-01T10:00:00.123Z",
        "responseElements": {"x-amz-request-id": "R1"},
        "s3": {"bucket": {"name": "uploads", "arn": "arn:aws:s3:::uploads"},
            "object": {"key": key, "size": 5_497_558_138_880_u64, "eTag": "e", "versionId": "v", "sequencer": "0055"}}})
}

fn sns(message: &str) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "n1", "Message": message, "Subject": null,
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:news", "Timestamp": "2024-05-01T10:00:00.000Z",
        "MessageAttributes": {"tenant": {"Type": "String", "Value": "a"}}}}]})
}

fn notification(message: &str) -> String {
    json!({"Type": "Notification", "MessageId": "n1", "TopicArn": "arn:aws:sns:us-east-1:123456789012:news",
        "Message": message, "Timestamp": "2024-05-01T10:00:00.000Z"})
    .to_string()
}

fn bus(source: &str, ty: &str, detail: &Value) -> Value {
    json!({"id": "e1", "detail-type": ty, "source": source, "account": "123456789012", "time": "2024-05-01T10:00:00Z",
        "region": "us-east-1", "resources": ["arn:aws:s3:::uploads"], "detail": detail})
}

fn kinesis(time: &str) -> Event {
    let json = format!(
        r#"{{"Records":[{{"eventSource":"aws:kinesis","eventID":"shardId-000000000000:495","eventSourceARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks","kinesis":{{"data":"AP8=","sequenceNumber":"495","partitionKey":"k","approximateArrivalTimestamp":{time}}}}}]}}"#
    );
    aws::decode(&Bytes::from(json), &Frame::default()).unwrap().into_events().remove(0)
}

fn dynamodb(item: &Value) -> Value {
    json!({"Records": [{"eventSource": "aws:dynamodb", "eventID": "d1", "eventName": "MODIFY", "dynamodb": item,
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/people/stream/2024"}]})
}

fn change(event: &Event) -> &Change {
    let Trigger::Change(change) = event.trigger() else { panic!("{event:?}") };
    change
}

fn object(event: &Event) -> &Object {
    let Trigger::Object(object) = event.trigger() else { panic!("{event:?}") };
    object
}

fn stream(event: &Event) -> &Stream {
    let Trigger::Stream(stream) = event.trigger() else { panic!("{event:?}") };
    stream
}

/// What became of them if the events at these places failed.
fn outcomes(decoded: &Decoded, failed: &[usize]) -> Vec<Outcome> {
    let outcome = |index| match failed.contains(&index) {
        true => Outcome::Retry(Failure::new("Busy", "later")),
        false => Outcome::Done(Reply::Empty),
    };
    (0..decoded.events().len()).map(outcome).collect()
}

fn told(reply: Result<Bytes, &Failure>) -> Result<String, String> {
    reply.map(|reply| String::from_utf8(reply.to_vec()).unwrap()).map_err(|failure| failure.name().to_owned())
}

/// The reply if the events at these places failed.
fn reply(decoded: &Decoded, failed: &[usize]) -> Result<String, String> {
    told(encode::events(decoded.shape(), decoded.receipts(), &outcomes(decoded, failed)))
}

/// The same where Kafka's event source mapping takes a list of failures.
fn reply_of_kafka(decoded: &Decoded, failed: &[usize]) -> Result<String, String> {
    told(encode::kafka(decoded.receipts(), &outcomes(decoded, failed)))
}

fn failures(ids: &[&str]) -> Result<String, String> {
    let items = ids.iter().map(|id| format!(r#"{{"itemIdentifier":"{id}"}}"#)).collect::<Vec<_>>();
    Ok(format!(r#"{{"batchItemFailures":[{}]}}"#, items.join(",")))
}

#[test]
fn rows_43_to_45_each_failed_message_is_reported_and_the_rest_of_its_fifo_group() {
    let standard = decode(&sqs(&["1", "2", "3"]));
    assert_eq!(standard.shape(), Shape::Sqs);
    assert_eq!(reply(&standard, &[1]), failures(&["m2"]));
    assert_eq!(reply(&standard, &[]), failures(&[]));
    assert_eq!(reply(&standard, &[0, 1, 2]), failures(&["m1", "m2", "m3"]));
    let fifo = "arn:aws:sqs:us-east-1:123456789012:orders.fifo";
    assert_eq!(reply(&grouped(fifo, ["g", "g", "g"]), &[1]), failures(&["m2", "m3"]));
    assert_eq!(reply(&grouped(fifo, ["g", "g", "h"]), &[1]), failures(&["m2"]));
    let fair = grouped("arn:aws:sqs:us-east-1:123456789012:orders", ["g", "g", "g"]);
    assert_eq!(reply(&fair, &[0]), failures(&["m1"]));
}

#[test]
fn a_dropped_message_is_done_with() {
    let decoded = decode(&sqs(&["1"]));
    let outcomes = [Outcome::Drop(Failure::new("Never", "no"))];
    assert_eq!(encode::events(decoded.shape(), decoded.receipts(), &outcomes).unwrap(), r#"{"batchItemFailures":[]}"#);
}

#[test]
fn rows_46_to_48_messages_of_a_queue() {
    let event = one(&sqs(&["hello"]));
    assert_eq!(event.time().unwrap().to_string(), "2018-03-09T18:53:45.029Z");
    assert_eq!((event.id(), event.attempt(), event.ty()), ("m1", 2, "polyfn.queue.message"));
    assert_eq!(event.source(), "arn:aws:sqs:us-east-1:123456789012:orders");
    let Trigger::Queue(queue) = event.trigger() else { panic!("{event:?}") };
    assert_eq!((queue.name.as_deref(), queue.group.as_deref()), (Some("orders"), None));

    let mut odd = sqs(&["{not json"]);
    odd["Records"][0]["messageAttributes"] = Value::Null;
    assert_eq!(one(&odd).data().unwrap(), "{not json");

    for plain in [
        r#"{"Type":"SubscriptionConfirmation","TopicArn":"a","MessageId":"b","Message":"c"}"#,
        r#"{"Type":"Notification","TopicArn":"a","MessageId":"b","Message":5}"#,
        r#"{"Records":[{"eventSource":"aws:s3"}]}"#,
        r#"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}},5]}"#,
        r#"{"Records":[{"eventSource":"aws:sqs","messageId":"x"}]}"#,
        r#"{"Messages":[]}"#,
        r#"{"id":"a","source":"b","detail-type":"c","time":"d","detail":null}"#,
        r#"{"id":"a","source":"b","detail-type":"c","detail":{}}"#,
        r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b","Records":[5]}"#,
        "[1]",
        "{} x",
        "",
    ] {
        let event = one(&sqs(&[plain]));
        assert_eq!(event.ty(), "polyfn.queue.message", "{plain}");
        assert_eq!(event.data().map_or(&b""[..], |data| data), plain.as_bytes());
    }
}

#[test]
fn attributes_of_a_message_are_texts() {
    let mut delivery = sqs(&["{}"]);
    delivery["Records"][0]["messageAttributes"] = json!({
        "Content-Type": {"stringValue": "application/json", "dataType": "String"},
        "count": {"stringValue": "5", "dataType": "Number"},
        "blob": {"binaryValue": "AP8=", "stringListValues": [], "dataType": "Binary"}});
    let event = one(&delivery);
    assert!(event.is_json());
    assert_eq!((event.attribute("count"), event.attribute("blob")), (Some("5"), Some("AP8=")));
}

#[test]
fn rows_49_and_52_a_key_is_decoded_by_every_route_that_encodes_it_and_a_size_is_exact() {
    let inner = json!({"Records": [s3_record("a+b%2Bc%C3%BC.txt")]});
    let text = inner.to_string();
    for (delivery, id) in [(inner, "R1-0055"), (sqs(&[&text]), "m1"), (sns(&text), "n1"), (sqs(&[&notification(&text)]), "n1")] {
        let event = one(&delivery);
        let object = object(&event);
        assert_eq!((object.bucket.as_str(), object.key.as_str()), ("uploads", "a b+cü.txt"), "{delivery}");
        assert_eq!((object.action, object.size), (Action::Created, Some(5_497_558_138_880)));
        assert_eq!((object.etag.as_deref(), object.version.as_deref()), (Some("e"), Some("v")));
        assert_eq!((event.id(), event.source()), (id, "arn:aws:s3:::uploads"), "{delivery}");
        assert_eq!(event.time().unwrap().to_string(), "2024-05-01T10:00:00.123Z");
    }
}

#[test]
fn row_50_a_key_on_the_bus_has_no_encoding() {
    let detail =
        json!({"bucket": {"name": "uploads"}, "object": {"key": "a b+c%20.txt", "size": 5, "etag": "e", "version-id": "v"}});
    let delivery = bus("aws.s3", "Object Created", &detail);
    for (delivery, attempt) in [(delivery.clone(), 1), (sqs(&[&delivery.to_string()]), 2)] {
        let event = one(&delivery);
        let object = object(&event);
        assert_eq!((object.key.as_str(), object.version.as_deref()), ("a b+c%20.txt", Some("v")));
        assert_eq!((event.id(), event.attempt(), event.ty()), ("e1", attempt, "polyfn.object.created"));
        assert_eq!(event.source(), "arn:aws:s3:::uploads");
    }
}

#[test]
fn row_51_several_events_of_one_message_are_reported_once() {
    let inner = json!({"Records": [s3_record("a"), s3_record("b")]}).to_string();
    let decoded = decode(&sqs(&["plain", &inner]));
    let ids: Vec<_> = decoded.events().iter().map(Event::id).collect();
    assert_eq!(ids, ["m1", "m2#1", "m2#2"]);
    assert!(decoded.events().iter().all(|event| event.attempt() == 2));
    assert_eq!(reply(&decoded, &[1]), failures(&["m2"]));
    assert_eq!(reply(&decoded, &[1, 2]), failures(&["m2"]));
    assert_eq!(reply(&decoded, &[0, 2]), failures(&["m1", "m2"]));
}

#[test]
fn a_test_of_notifications_is_no_event() {
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2024-05-01T10:00:00Z","Bucket":"uploads"}"#;
    for (delivery, want) in
        [(sqs(&[test]), failures(&[])), (sqs(&[&notification(test)]), failures(&[])), (sns(test), Ok("null".to_owned()))]
    {
        let decoded = decode(&delivery);
        assert_eq!((decoded.events().len(), decoded.tests()), (0, 1), "{delivery}");
        assert_eq!(reply(&decoded, &[]), want);
    }
}

#[test]
fn a_topic_directly_and_in_a_queue() {
    let event = one(&sns("hello"));
    let Trigger::Topic(topic) = event.trigger() else { panic!("{event:?}") };
    assert_eq!((topic.name.as_deref(), topic.subject.as_deref()), (Some("news"), None));
    assert_eq!((event.id(), event.attempt(), event.attribute("tenant")), ("n1", 1, Some("a")));
    assert_eq!(event.source(), "arn:aws:sns:us-east-1:123456789012:news");

    let mut delivery = sqs(&[&notification("hello")]);
    delivery["Records"][0]["attributes"]["MessageGroupId"] = json!("g");
    let decoded = decode(&delivery);
    let event = &decoded.events()[0];
    let Trigger::Topic(topic) = event.trigger() else { panic!("{event:?}") };
    assert_eq!(topic.ordering_key.as_deref(), Some("g"));
    assert_eq!((event.id(), event.attempt()), ("n1", 2));
    assert_eq!(event.data().unwrap(), "hello");
    assert_eq!(reply(&decoded, &[0]), failures(&["m1"]));
}

#[test]
fn row_53_seconds_keep_their_fraction() {
    for (seconds, want) in [
        ("1480641523.5", "2016-12-02T01:18:43.500Z"),
        ("1480641523.05", "2016-12-02T01:18:43.050Z"),
        ("1480641523.477", "2016-12-02T01:18:43.477Z"),
        ("1480641523", "2016-12-02T01:18:43Z"),
        ("\"1480641523.477\"", "2016-12-02T01:18:43.477Z"),
    ] {
        assert_eq!(kinesis(seconds).time().unwrap().to_string(), want);
    }
    let event = kinesis("{}");
    assert_eq!(event.time(), None);
    let stream = stream(&event);
    assert_eq!((stream.name.as_deref(), stream.partition.as_deref()), (Some("clicks"), Some("shardId-000000000000")));
    assert_eq!((stream.partition_key.as_deref(), stream.sequence.as_deref()), (Some("k"), Some("495")));
    assert_eq!(event.data().unwrap().as_ref(), [0, 0xff]);
}

#[test]
fn rows_54_and_55_records_of_kafka() {
    let record = |offset: i64| {
        json!({"topic": "orders", "partition": 0, "offset": offset, "timestamp": 1_730_779_568_291_i64,
            "key": null, "value": null, "headers": [{"a": [104, 105]}, {"a": [-61, -68]}, {"b": []}, {"c": [255]}]})
    };
    let delivery = json!({"eventSource": "aws:kafka", "eventSourceArn": "arn:aws:kafka:us-east-1:1:cluster/c/u",
        "records": {"orders-0": [record(15), record(16)]}});
    let decoded = decode(&delivery);
    assert_eq!(decoded.shape(), Shape::Kafka);
    let event = &decoded.events()[0];
    assert_eq!(event.time().unwrap().to_string(), "2024-11-05T04:06:08.291Z");
    assert_eq!((event.id(), event.data()), ("orders-0-15", None));
    let stream = stream(event);
    assert_eq!((stream.name.as_deref(), stream.partition.as_deref()), (Some("orders"), Some("0")));
    assert_eq!((stream.partition_key.as_deref(), stream.sequence.as_deref()), (None, Some("15")));
    let attributes: Vec<_> = event.attributes().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(attributes, [("a", "hi"), ("a", "ü"), ("b", ""), ("c", "/w==")]);
    assert_eq!(reply(&decoded, &[]), Ok("null".to_owned()));
    assert_eq!(reply(&decoded, &[1]), Err("Function.Busy".to_owned()));
}

#[test]
fn kafka_lists_the_first_failure_of_each_partition_where_its_mapping_takes_a_list() {
    let record = |partition: i64, offset: i64| json!({"topic": "my-orders", "partition": partition, "offset": offset});
    let delivery = json!({"eventSource": "SelfManagedKafka", "records": {
        "my-orders-0": [record(0, 15), record(0, 16), record(0, 9_007_199_254_740_993)], "my-orders-11": [record(11, 0)]}});
    let decoded = decode(&delivery);
    let list = |places: &[(&str, i64)]| {
        let items = places
            .iter()
            .map(|(partition, offset)| format!(r#"{{"itemIdentifier":{{"partition":"{partition}","offset":{offset}}}}}"#));
        Ok(format!(r#"{{"batchItemFailures":[{}]}}"#, items.collect::<Vec<_>>().join(",")))
    };
    assert_eq!(reply_of_kafka(&decoded, &[]), list(&[]));
    assert_eq!(reply_of_kafka(&decoded, &[1, 2]), list(&[("my-orders-0", 16)]));
    assert_eq!(reply_of_kafka(&decoded, &[2]), list(&[("my-orders-0", 9_007_199_254_740_993)]));
    assert_eq!(reply_of_kafka(&decoded, &[1, 3]), list(&[("my-orders-0", 16), ("my-orders-11", 0)]));
    assert_eq!(reply_of_kafka(&decoded, &[0, 1, 2, 3]), list(&[("my-orders-0", 15), ("my-orders-11", 0)]));
    // What has no place in a partition fails the invocation.
    assert_eq!(reply_of_kafka(&decode(&sns("x")), &[0]), Err("Function.Busy".to_owned()));
    let dropped = [Outcome::Drop(Failure::new("Never", "no"))];
    assert_eq!(told(encode::kafka(&decoded.receipts()[..1], &dropped)), list(&[]));
}

#[test]
fn rows_56_to_59_changes_of_a_table() {
    let item = json!({"ApproximateCreationDateTime": 1_480_642_020.5, "SequenceNumber": "1405400000000002063282832",
        "Keys": {"id": {"N": "9007199254740993"}}, "NewImage": {"n": {"N": "12345678901234567890123456789012345678"}}});
    let decoded = decode(&dynamodb(&item));
    let event = &decoded.events()[0];
    assert_eq!(event.time().unwrap().to_string(), "2016-12-02T01:27:00.500Z");
    let found = change(event);
    assert_eq!((found.action, found.collection.as_deref()), (Action::Updated, Some("people")));
    assert_eq!(found.key.as_deref(), Some(r#"{"id":9007199254740993}"#));
    assert_eq!(found.after.as_deref(), Some(r#"{"n":"12345678901234567890123456789012345678"}"#));
    assert_eq!(reply(&decoded, &[0]), failures(&["1405400000000002063282832"]));
    assert_eq!(reply(&decoded, &[]), failures(&[]));

    let decoded = decode(&dynamodb(&json!({"Keys": {"id": {"S": "a"}}, "NewImage": null})));
    let found = change(&decoded.events()[0]);
    assert_eq!((found.before.as_deref(), found.after.as_deref()), (None, None));
    // Without a number the whole delivery must come again; an empty one would fail it without a word.
    assert_eq!(reply(&decoded, &[0]), Err("Function.Busy".to_owned()));
    assert_eq!(reply(&decode(&dynamodb(&json!({"SequenceNumber": ""}))), &[0]), Err("Function.Busy".to_owned()));
}

#[test]
fn a_stream_reports_its_first_failure_alone() {
    let mut delivery = dynamodb(&json!({"SequenceNumber": "1"}));
    for sequence in ["2", "3"] {
        let more = dynamodb(&json!({"SequenceNumber": sequence}))["Records"][0].clone();
        delivery["Records"].as_array_mut().unwrap().push(more);
    }
    assert_eq!(reply(&decode(&delivery), &[1, 2]), failures(&["2"]));
    assert_eq!(reply(&decode(&delivery), &[2]), failures(&["3"]));
    let record = |sequence: &str| {
        json!({"eventSource": "aws:kinesis", "eventID": format!("shardId-0:{sequence}"),
            "kinesis": {"data": "", "sequenceNumber": sequence, "partitionKey": "k"}})
    };
    let kinesis = decode(&json!({"Records": [record("496"), record("497")]}));
    assert_eq!(reply(&kinesis, &[1]), failures(&["497"]));
    assert_eq!(reply(&kinesis, &[]), failures(&[]));
}

#[test]
fn a_delivery_of_failures_alone_is_a_list_where_there_is_a_list_and_an_error_elsewhere() {
    let table = dynamodb(&json!({"SequenceNumber": "1"}));
    let stream = json!({"Records": [{"eventSource": "aws:kinesis", "kinesis": {"data": "", "sequenceNumber": "2"}}]});
    for (delivery, id) in [(sqs(&["x"]), "m1"), (table, "1"), (stream, "2")] {
        assert_eq!(reply(&decode(&delivery), &[0]), failures(&[id]), "{delivery}");
    }
    let kafka = json!({"eventSource": "aws:kafka", "records": {"o-0": [{"topic": "o", "partition": 0, "offset": 1}]}});
    let documents = json!({"eventSource": "aws:docdb", "events": [{"event": {"operationType": "insert"}}]});
    for delivery in [sns("x"), json!({"Records": [s3_record("a")]}), bus("my.shop", "Paid", &json!({})), kafka, documents] {
        assert_eq!(reply(&decode(&delivery), &[0]), Err("Function.Busy".to_owned()), "{delivery}");
        assert_eq!(reply(&decode(&delivery), &[]), Ok("null".to_owned()), "{delivery}");
    }
}

#[test]
fn messages_of_several_kinds_may_come_in_one_delivery_of_a_queue() {
    let objects = json!({"Records": [s3_record("a"), s3_record("b")]}).to_string();
    let delivery = sqs(&[
        "plain",
        &objects,
        &bus("my.shop", "Paid", &json!({})).to_string(),
        &notification("news"),
        &notification(&objects),
    ]);
    let decoded = decode(&delivery);
    let found: Vec<_> = decoded.events().iter().map(|event| (event.trigger().kind().as_str(), event.id())).collect();
    let want = [
        ("queue", "m1"),
        ("object", "m2#1"),
        ("object", "m2#2"),
        ("event", "e1"),
        ("topic", "n1"),
        ("object", "n1#1"),
        ("object", "n1#2"),
    ];
    assert_eq!(found, want);
    assert_eq!(reply(&decoded, &[3, 5, 6]), failures(&["m3", "m5"]));
}

#[test]
fn rows_60_and_61_custom_events() {
    for (source, ty) in [("my.shop", "Order Placed"), ("aws.s3", "AWS API Call via CloudTrail")] {
        let delivery = bus(source, ty, &json!({"b": [1.50, {"c": null}]}));
        for delivery in [delivery.clone(), sqs(&[&delivery.to_string()])] {
            let event = one(&delivery);
            assert_eq!((event.trigger(), event.ty(), event.source(), event.id()), (&Trigger::Event, ty, source, "e1"));
            assert_eq!(event.data().unwrap(), r#"{"b":[1.5,{"c":null}]}"#);
            assert_eq!(event.attribute("account"), Some("123456789012"));
            assert_eq!(event.attribute("resources"), Some("arn:aws:s3:::uploads"));
            assert!(event.is_json());
        }
    }
}

#[test]
fn a_tick_of_a_rule_and_of_the_scheduler() {
    for (source, arn, detail, name) in [
        ("aws.events", "arn:aws:events:us-east-1:123456789012:rule/nightly", json!({}), "nightly"),
        ("aws.scheduler", "arn:aws:scheduler:us-east-1:123456789012:schedule/default/hourly", json!("{}"), "hourly"),
    ] {
        let mut delivery = bus(source, "Scheduled Event", &detail);
        delivery["resources"] = json!([arn]);
        let decoded = decode(&delivery);
        let event = &decoded.events()[0];
        let Trigger::Schedule(schedule) = event.trigger() else { panic!("{event:?}") };
        assert_eq!(schedule.name.as_deref(), Some(name));
        assert_eq!(schedule.scheduled_for.unwrap().to_string(), "2024-05-01T10:00:00Z");
        assert_eq!((event.source(), event.data()), (arn, None));
        assert_eq!(reply(&decoded, &[0]), Err("Function.Busy".to_owned()));
        assert_eq!(reply(&decoded, &[]), Ok("null".to_owned()));
    }
}

#[test]
fn changes_of_documents() {
    let record = |operation: &str, more: &Value| {
        let mut event = json!({"_id": {"_data": "01"}, "operationType": operation, "ns": {"db": "d", "coll": "people"},
            "clusterTime": {"$timestamp": {"t": 1_676_588_775, "i": 9}}});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"event": event})
    };
    let id = json!({"documentKey": {"_id": {"$oid": "64b1"}}});
    let full = json!({"documentKey": {"_id": {"$oid": "64b1"}}, "fullDocument": {"n": {"$numberLong": "5"}}});
    let events = [record("insert", &full), record("delete", &id), record("drop", &id)];
    let decoded = decode(&json!({"eventSource": "aws:docdb", "eventSourceArn": "arn:c", "events": events}));
    assert_eq!(decoded.shape(), Shape::DocumentDb);
    let found: Vec<_> = decoded.events().iter().map(change).map(|c| (c.action, c.key.as_deref(), c.after.as_deref())).collect();
    let key = Some(r#"{"_id":"64b1"}"#);
    assert_eq!(found, [(Action::Created, key, Some(r#"{"n":5}"#)), (Action::Deleted, key, None), (Action::Updated, None, None)]);
    let event = &decoded.events()[0];
    assert_eq!((event.id(), event.source()), ("01", "arn:c"));
    assert_eq!(event.time().unwrap().to_string(), "2023-02-16T23:06:15Z");
}

#[test]
fn rows_62_and_63_what_is_nobody_elses_is_direct() {
    for json in
        [json!({"job": 1}), json!("hi"), json!(null), json!([]), json!({"Records": [{"cf": {}}]}), json!({"Records": "x"})]
    {
        assert_eq!(decode(&json).shape(), Shape::Direct);
    }
}

#[test]
fn row_64_the_order_of_members_does_not_matter() {
    let first = r#"{"Records":[{"messageId":"a","body":"b","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:x:1:q"}]}"#;
    let last = r#"{"Records":[{"eventSourceARN":"arn:aws:sqs:x:1:q","body":"b","eventSource":"aws:sqs","messageId":"a"}]}"#;
    let read = |json: &'static str| {
        let event = aws::decode(&Bytes::from_static(json.as_bytes()), &Frame::default()).unwrap().into_events().remove(0);
        event.with_raw(Bytes::new())
    };
    assert_eq!(read(first), read(last));
    let bucket = r#"{"Bucket":"b","Event":"s3:TestEvent","Service":"Amazon S3"}"#;
    assert_eq!(decode(&sqs(&[bucket])).tests(), 1);
}

#[test]
fn a_broken_record_refuses_the_delivery_and_names_the_place() {
    let mut no_id = sqs(&["1", "2", "3"]);
    no_id["Records"][2]["messageId"] = Value::Null;
    let mut mixed = sqs(&["1", "2"]);
    mixed["Records"][1]["eventSource"] = json!("aws:sns");
    let mut topic = sns("x");
    topic["Records"][0]["Sns"]["Message"] = Value::Null;
    let kinesis = |kinesis: Value| json!({"Records": [{"eventSource": "aws:kinesis", "kinesis": kinesis}]});
    let kafka = |record: Value| json!({"eventSource": "SelfManagedKafka", "records": {"o-0": [record]}});
    let mut object = json!({"Records": [s3_record("a")]});
    object["Records"][0]["s3"]["object"]["key"] = json!(5);
    for (delivery, want) in [
        (no_id, "Records[2].messageId: missing"),
        (mixed, "Records[1]: not of the source of the first record"),
        (topic, "Records[0].Sns.Message: missing"),
        (object, "Records[0].s3.object.key: not a string"),
        (kinesis(json!({"sequenceNumber": "1"})), "Records[0].kinesis.data: missing"),
        (kinesis(json!({"sequenceNumber": "1", "data": "%"})), "Records[0].kinesis.data: invalid base64"),
        (kinesis(json!({"data": ""})), "Records[0].kinesis.sequenceNumber: missing"),
        (kafka(json!({"topic": "o", "partition": 0})), "records.o-0[0].offset: missing"),
        (kafka(json!({"topic": "o", "partition": 0, "offset": 1, "key": "%"})), "records.o-0[0].key: invalid base64"),
        (
            kafka(json!({"topic": "o", "partition": 0, "offset": 1, "headers": [{"a": [256]}]})),
            "records.o-0[0].headers: not a list of names and bytes",
        ),
        (dynamodb(&json!(null)), "Records[0].dynamodb: missing"),
        (dynamodb(&json!({"Keys": {"id": "a"}})), "Records[0].dynamodb.Keys: no item of typed values"),
        (json!({"eventSource": "aws:docdb", "events": [5]}), "events[0].event: missing"),
    ] {
        assert_eq!(refused(&delivery), want, "{delivery}");
    }
}

#[test]
fn cut_off_or_hostile_deliveries_do_no_harm() {
    let inner = json!({"Records": [s3_record("a"), s3_record("b")]}).to_string();
    let kafka = json!({"eventSource": "aws:kafka", "records": {"o-0": [{"topic": "o", "partition": 0, "offset": 1}]}});
    for delivery in [
        sqs(&[&inner, "x"]),
        sns(&inner),
        bus("aws.s3", "Object Created", &json!({"bucket": {"name": "b"}, "object": {"key": "k"}})),
        dynamodb(&json!({"Keys": {"id": {"M": {"a": {"L": [{"N": "1"}]}}}}})),
        kafka,
    ] {
        let whole = delivery.to_string();
        for end in 0..whole.len() {
            assert!(aws::decode(&Bytes::copy_from_slice(&whole.as_bytes()[..end]), &Frame::default()).is_err());
        }
        // Each text and number replaced by something else, one at a time.
        for (at, _) in whole.match_indices([':', ',']) {
            for other in ["null", "5", "1e999", "\"\\ud800\"", "[[[]]]", "{}", "-0.5", "true"] {
                let rest = &whole[at + 1..];
                let end = rest.find([',', '}', ']']).unwrap_or(rest.len());
                let odd = format!("{}{other}{}", &whole[..=at], &rest[end..]);
                let _outcome = aws::decode(&Bytes::from(odd), &Frame::default());
            }
        }
    }
    for deep in [40, 100, 5_000] {
        let keys = format!("{}{{\"S\":\"x\"}}{}", r#"{"M":{"a":"#.repeat(deep), "}}".repeat(deep));
        let json = format!(
            r#"{{"Records":[{{"eventSource":"aws:dynamodb","eventName":"INSERT","dynamodb":{{"Keys":{{"k":{keys}}}}}}}]}}"#
        );
        assert_eq!(aws::decode(&Bytes::from(json), &Frame::default()).is_ok(), deep == 40);
        let body = format!("{{\"Records\":{}{}}}", "[".repeat(deep), "]".repeat(deep));
        assert_eq!(one(&sqs(&[&body])).data().unwrap(), &body);
    }
}
