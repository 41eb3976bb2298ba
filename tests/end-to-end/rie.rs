//! The examples under AWS's own Runtime Interface Emulator: ten deliveries of different shapes to each, cold and warm, and the
//! events of every source.
//!
//! The emulator hands on what it is posted and hands back what the function answered, so a delivery is what a gateway would
//! send, and the reply what it would read. `lambda` has the same deliveries go through Lambda on this machine as well.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod deliveries;
mod emulator;
mod lambda;
mod program;

use std::{
    fs,
    path::{Path, PathBuf},
};

use polyfn_tests::{Row, TestData, example};
use serde_json::{Value, json};

use self::{deliveries::Delivery, emulator::Emulator};

impl Emulator {
    /// Fails unless the delivery is answered as it should be.
    fn check(&self, delivery: &Delivery) {
        let response = self.answer(delivery.event);
        assert_eq!(response.status(), 200, "{}", delivery.name);
        let mut reply = response.json();
        // An HTTP reply carries the common event as the text of its body.
        let mut event = match reply.get_mut("body") {
            Some(body) => serde_json::from_str(body.take().as_str().expect("a body of text")).expect("the event as JSON"),
            None => reply.clone(),
        };
        if delivery.id.is_none() {
            // The emulator's own request id, another one each time.
            let id = event.as_object_mut().and_then(|event| event.remove("id"));
            assert!(id.as_ref().and_then(Value::as_str).is_some_and(|id| !id.is_empty()), "{}: id {id:?}", delivery.name);
        }
        assert_eq!(event, delivery.expected(), "{}", delivery.name);
        if let Some(expected) = &delivery.reply {
            assert_eq!(&reply, expected, "{}", delivery.name);
        }
    }
}

fn inspect() -> String {
    example("inspect")
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn every_shape_is_answered_cold() {
    let inspect = inspect();
    for delivery in deliveries::all() {
        Emulator::start(&inspect).check(&delivery);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn every_shape_is_answered_warm() {
    let emulator = Emulator::start(&inspect());
    for delivery in deliveries::all().iter().chain(&deliveries::all()) {
        emulator.check(delivery);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn a_delivery_that_is_no_json_fails_and_the_next_is_answered() {
    let emulator = Emulator::start(&inspect());
    let reply = emulator.answer(r#"{"a":"#).json();
    assert!(reply["errorType"].as_str().is_some_and(|name| name.starts_with("Function.")), "{reply}");
    let [first, ..] = &deliveries::all()[..] else { panic!("there are deliveries") };
    emulator.check(first);
}

/// What the hello example answers to a delivery: the reply, or the name of the error.
fn greetings() -> Vec<(Value, Value)> {
    let v2 = |method: &str, path: &str| {
        json!({"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {}, "isBase64Encoded": false,
            "requestContext": {"requestId": "r", "stage": "$default", "http": {"method": method, "path": path}}})
    };
    let rest = |path: &str| {
        json!({"resource": "/{proxy+}", "httpMethod": "GET", "path": path, "headers": {}, "multiValueHeaders": {}, "pathParameters": {"proxy": path},
            "requestContext": {"requestId": "r", "path": format!("/prod{path}"), "stage": "prod"}, "isBase64Encoded": false})
    };
    let alb = |headers: &str| json!({"requestContext": {"elb": {"targetGroupArn": "arn"}}, "httpMethod": "GET", "path": "/hello/Ada", headers: {}, "isBase64Encoded": false});
    let told = |status: u16, body: &str| json!({"statusCode": status, "body": body});
    vec![
        (v2("GET", "/hello/Ada"), told(200, "Hello, Ada!")),
        (v2("GET", "/hello/Ad%C3%A9%20L"), told(200, "Hello, Adé L!")),
        (v2("HEAD", "/hello/Ada"), told(200, "")),
        (v2("OPTIONS", "/hello/Ada"), told(204, "")),
        (rest("/hello/Ada"), told(200, "Hello, Ada!")),
        (alb("headers"), told(200, "Hello, Ada!")),
        (alb("multiValueHeaders"), told(200, "Hello, Ada!")),
        (json!([40, 2]), json!(42)),
        (json!([1, "x"]), json!("Function.BadInput")),
        (json!({}), json!("Function.BadInput")),
    ]
}

fn greet(emulator: &Emulator, (delivery, want): &(Value, Value)) {
    let reply = emulator.answer(&delivery.to_string()).json();
    let told = match want {
        Value::Object(_) => json!({"statusCode": reply.get("statusCode"), "body": reply.get("body")}),
        Value::String(_) => json!(reply.get("errorType")),
        _ => reply,
    };
    assert_eq!(&told, want, "{delivery}");
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn hello_greets_cold_and_warm() {
    let hello = example("hello");
    let warm = Emulator::start(&hello);
    for greeting in greetings() {
        greet(&Emulator::start(&hello), &greeting);
        greet(&warm, &greeting);
    }
}

/// The deliveries of the test data whose sources wait for no response, as they lie there.
fn events() -> (TestData, Vec<(Row, String)>) {
    let data = TestData::of("aws");
    let rows = data.rows.iter().filter(|row| row.trigger != "http" && row.trigger != "direct");
    let rows = rows.map(|row| (row.clone(), String::from_utf8(data.read(row, ".json")).expect("a delivery is text"))).collect();
    (data, rows)
}

/// A path in a folder of its own, which lasts as long as the target folder.
fn out(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rie");
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder.join(name)
}

/// Events in an order of their own: several run at once.
fn sorted(mut events: Vec<Value>) -> Vec<Value> {
    events.sort_by_key(Value::to_string);
    events
}

fn list(ids: &[Value]) -> Value {
    json!({"batchItemFailures": ids.iter().map(|id| json!({"itemIdentifier": id})).collect::<Vec<_>>()})
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn the_events_of_every_source_reach_their_function_and_are_settled() {
    let out = out("events.jsonl");
    let emulator = Emulator::start_with(&inspect(), &[("INSPECT_OUT", out.to_str().expect("a path of text"))]);
    let (data, rows) = events();
    for (row, delivery) in rows {
        fs::write(&out, "").expect("a file can be written");
        let listed = row.source.contains("SQS") || row.source == "DynamoDB streams" || row.source == "Kinesis";
        let want = if listed { list(&[]) } else { Value::Null };
        assert_eq!(emulator.reply(&delivery), want, "{}", row.file);
        let lines = fs::read_to_string(&out).expect("the program wrote a file");
        let written = lines.lines().map(|line| serde_json::from_str(line).expect("a line is an event")).collect();
        assert_eq!(sorted(written), sorted(data.events(&row)), "{}", row.file);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn events_that_fail_are_reported_in_the_form_their_source_wants() {
    // No line can be appended to a folder, so every event fails.
    let folder = out("folder");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let emulator = Emulator::start_with(&inspect(), &[("INSPECT_OUT", folder.to_str().expect("a path of text"))]);
    let (data, rows) = events();
    for (row, delivery) in rows {
        let reply = emulator.reply(&delivery);
        let records = serde_json::from_str::<Value>(&delivery).expect("a delivery is JSON")["Records"].take();
        let ids = |path: &str| -> Vec<Value> {
            let records = records.as_array().expect("there are records");
            records.iter().map(|record| record.pointer(path).expect("a record has an id").clone()).collect()
        };
        let want = match row.source.as_str() {
            _ if data.events(&row).is_empty() => list(&[]),
            source if source.contains("SQS") => list(&ids("/messageId")),
            "DynamoDB streams" => list(&ids("/dynamodb/SequenceNumber")[..1]),
            "Kinesis" => list(&ids("/kinesis/sequenceNumber")[..1]),
            _ => {
                assert_eq!(reply["errorType"], "Function.Error", "{}: {reply}", row.file);
                continue;
            }
        };
        assert_eq!(reply, want, "{}", row.file);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn one_message_that_no_function_takes_fails_alone() {
    let out = out("alone.jsonl");
    fs::write(&out, "").expect("a file can be written");
    let env = [("INSPECT_OUT", out.to_str().expect("a path of text")), ("POLYFN_FUNCTION", "queue")];
    let emulator = Emulator::start_with(&inspect(), &env);
    let record = |id: &str, body: &str| {
        json!({"messageId": id, "body": body, "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
    };
    let object = json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "in"}, "object": {"key": "a+b"}}}]});
    let delivery = json!({"Records": [record("1", "hi"), record("2", &object.to_string()), record("3", "there")]});
    assert_eq!(emulator.reply(&delivery.to_string()), list(&[json!("2")]));
    assert_eq!(fs::read_to_string(&out).expect("the program wrote a file").lines().count(), 2);
}
