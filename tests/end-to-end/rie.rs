//! The examples under AWS's own Runtime Interface Emulator: ten deliveries of different shapes to each, cold and warm.
//!
//! The emulator hands on what it is posted and hands back what the function answered, so a delivery is what a gateway would
//! send, and the reply what it would read.

#![expect(clippy::expect_used, reason = "what a test needs and does not find fails the test")]

mod deliveries;

use std::env;

use polyfn_tests::{Process, example, free_port, post};
use serde_json::{Value, json};

use self::deliveries::Delivery;

const INVOCATIONS: &str = "/2015-03-31/functions/function/invocations";

/// The emulator, with the program that it starts at the first invocation.
struct Emulator {
    port: u16,
    _process: Process,
}

impl Emulator {
    fn start(program: &str) -> Self {
        let emulator = env::var("POLYFN_RIE").expect("POLYFN_RIE is the path of AWS's Runtime Interface Emulator");
        let (port, api) = (free_port(), free_port());
        let args = [
            "--runtime-interface-emulator-address",
            &format!("127.0.0.1:{port}"),
            "--runtime-api-address",
            &format!("127.0.0.1:{api}"),
            "--log-level",
            "warn",
            program,
            "bootstrap",
        ];
        let env = [("AWS_LAMBDA_FUNCTION_NAME", "inspect")];
        let process = Process::start_with(emulator, &args, &env).listening_on(port);
        Self { port, _process: process }
    }

    /// Fails unless the delivery is answered as it should be.
    fn check(&self, delivery: &Delivery) {
        let response = post(self.port, INVOCATIONS, delivery.event);
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
    let reply = post(emulator.port, INVOCATIONS, r#"{"a":"#).json();
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
    let reply = post(emulator.port, INVOCATIONS, &delivery.to_string()).json();
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

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn events_are_settled_in_the_form_their_source_wants() {
    let emulator = Emulator::start(&inspect());
    let record = |id: &str| {
        json!({"messageId": id, "body": "hi", "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
    };
    let object = json!({"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2024-05-01T10:00:00Z",
        "s3": {"bucket": {"name": "in"}, "object": {"key": "a+b"}}});
    let tick = json!({"id": "1", "source": "aws.events", "detail-type": "Scheduled Event", "time": "2024-05-01T05:00:00Z",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/nightly"], "detail": {}});
    for (delivery, want) in [
        (json!({"Records": [record("1"), record("2")]}), json!({"batchItemFailures": []})),
        (json!({"Records": [object]}), Value::Null),
        (tick, Value::Null),
    ] {
        assert_eq!(post(emulator.port, INVOCATIONS, &delivery.to_string()).json(), want, "{delivery}");
    }
}
