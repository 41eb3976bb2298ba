//! The built program under each host's environment: what reaches a function there.

#![expect(clippy::expect_used, reason = "what a test needs and does not find fails the test")]

use std::path::PathBuf;

use polyfn_tests::{Process, RuntimeApi, call, free_port};
use serde_json::{Value, json};

const INSPECT: &str = env!("CARGO_BIN_EXE_inspect");

/// What the program says of one request, on a host that speaks plain HTTP.
fn inspect(env: &[(&str, &str)], port_variable: &str, path: &str) -> Value {
    let port = free_port();
    let text = port.to_string();
    let env: Vec<_> = [(port_variable, text.as_str())].into_iter().chain(env.iter().copied()).collect();
    let _process = Process::start(INSPECT, &env).listening_on(port);
    let headers = [("cookie", "a=1"), ("x-tag", "one"), ("x-tag", "two"), ("content-type", "application/octet-stream")];
    let response = call(port, "PUT", path, &headers, b"\x00\xff");
    assert_eq!((response.status(), response.header("content-type")), (200, Some("application/json")));
    response.json()
}

/// What must be the same on every host.
fn common(event: &Value) {
    assert_eq!((&event["trigger"], &event["type"]), (&json!("http"), &json!("polyfn.http.request")));
    assert_eq!(event["data_base64"], json!("AP8="));
    let http = &event["http"];
    assert_eq!((&http["method"], &http["path"], &http["query"]), (&json!("PUT"), &json!("/a%20b"), &json!("x=1&x=%20+")));
    let values = |name: &str| -> Vec<&Value> {
        let headers = http["headers"].as_array().expect("a list of headers");
        headers.iter().filter(|header| header[0] == name).map(|header| &header[1]).collect()
    };
    assert_eq!(values("x-tag"), [&json!("one"), &json!("two")]);
    assert_eq!(values("cookie"), [&json!("a=1")]);
}

#[test]
fn on_a_container() {
    let event = inspect(&[], "PORT", "/a%20b?x=1&x=%20+");
    common(&event);
    assert_eq!((&event["provider"], &event["http"]["client_ip"]), (&json!("container"), &json!("127.0.0.1")));
}

#[test]
fn on_google_cloud() {
    let event = inspect(&[("K_SERVICE", "inspect"), ("FUNCTION_TARGET", "http")], "PORT", "/a%20b?x=1&x=%20+");
    common(&event);
    assert_eq!(event["provider"], "gcp");
}

#[test]
fn on_azure() {
    let event = inspect(&[], "FUNCTIONS_CUSTOMHANDLER_PORT", "/api/a%20b?x=1&x=%20+");
    common(&event);
    assert_eq!((&event["provider"], &event["http"]["raw_path"]), (&json!("azure"), &json!("/api/a%20b")));
}

#[test]
fn on_lambda() {
    let mut api = RuntimeApi::start();
    let env = api.env();
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _process = Process::start(INSPECT, &env);
    let request = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/a%20b", "rawQueryString": "x=1&x=%20+", "cookies": ["a=1"],
        "headers": {"x-tag": "one,two", "content-type": "application/octet-stream"},
        "requestContext": {"requestId": "r", "stage": "$default", "domainName": "x.lambda-url.us-east-1.on.aws",
            "http": {"method": "PUT", "path": "/a%20b", "sourceIp": "203.0.113.7"}},
        "body": "AP8=", "isBase64Encoded": true,
    });
    let answer = api.invoke(request.to_string().as_bytes());
    let reply = answer.message.json();
    let event: Value = serde_json::from_str(reply["body"].as_str().expect("a text body")).expect("JSON");
    assert_eq!((&event["provider"], &event["id"], &event["data_base64"]), (&json!("aws"), &json!("r"), &json!("AP8=")));
    assert_eq!((&event["http"]["path"], &event["http"]["query"]), (&json!("/a%20b"), &json!("x=1&x=%20+")));
    assert_eq!((&event["http"]["client_ip"], &event["http"]["scheme"]), (&json!("203.0.113.7"), &json!("https")));
    let call = api.invoke(br#"[1, {"a": 12345678901234567890123}]"#);
    assert_eq!(call.path, "/invocation/2/response");
    let text = call.message.text();
    assert!(text.contains(r#""trigger":"direct""#) && text.contains(r#""data":[1,{"a":12345678901234567890123}]"#), "{text}");
}

/// A file for the events of one test, empty at first.
fn out(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, "").expect("a file can be written");
    path
}

/// What a program wrote down, a line for each event.
fn written(path: &PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("a file can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The members that say what it is and where it came from.
fn told(event: &Value) -> (&str, &str, &Value) {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    (text("trigger"), text("id"), &event[text("trigger")])
}

#[test]
fn events_on_lambda() {
    let (mut api, out) = (RuntimeApi::start(), out("lambda.jsonl"));
    let file = out.to_str().expect("a path is text").to_owned();
    let mut env = api.env();
    env.push(("INSPECT_OUT", file));
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _process = Process::start(INSPECT, &env);
    let notification = json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2024-05-01T10:00:00.5Z",
        "s3": {"bucket": {"name": "in", "arn": "arn:aws:s3:::in"}, "object": {"key": "a+b%2Bc.txt", "size": 7}}}]});
    let record = |id: &str, body: &str| {
        json!({"messageId": id, "body": body, "attributes": {"ApproximateReceiveCount": "2"}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
    };
    let queue = json!({"Records": [record("m1", "hello"), record("m2", &notification.to_string())]});
    let reply = api.invoke(queue.to_string().as_bytes());
    assert_eq!((reply.path.as_str(), reply.message.json()), ("/invocation/1/response", json!({"batchItemFailures": []})));
    let tick = json!({"id": "t1", "source": "aws.events", "detail-type": "Scheduled Event", "time": "2024-05-01T05:00:00Z",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/nightly"], "detail": {}});
    assert_eq!(api.invoke(tick.to_string().as_bytes()).message.text(), "null");
    let mut events = written(&out);
    events.sort_by_key(|event| event["trigger"].to_string());
    let [object, message, tick] = events.as_slice() else { panic!("{events:?}") };
    let (kind, _, fields) = told(object);
    assert_eq!(
        (kind, &fields["key"], &fields["bucket"], &object["attempt"]),
        ("object", &json!("a b+c.txt"), &json!("in"), &json!(2))
    );
    assert_eq!(told(message), ("queue", "m1", &json!({"name": "orders"})));
    assert_eq!(told(tick), ("schedule", "t1", &json!({"name": "nightly", "scheduled_for": "2024-05-01T05:00:00Z"})));
}

#[test]
fn events_on_google_cloud_and_on_a_container() {
    let port = free_port();
    let (text, out) = (port.to_string(), out("google.jsonl"));
    let env = [("PORT", text.as_str()), ("K_SERVICE", "inspect"), ("INSPECT_OUT", out.to_str().expect("a path is text"))];
    let process = Process::start(INSPECT, &env).listening_on(port);
    let push = r#"{"message":{"data":"aGk=","messageId":"7","orderingKey":"k"},"subscription":"projects/p/subscriptions/s"}"#;
    let json = [("content-type", "application/json")];
    assert_eq!(call(port, "POST", "/projects/p/topics/news", &json, push.as_bytes()).status(), 204);
    let job = [
        ("x-cloudscheduler", "true"),
        ("x-cloudscheduler-jobname", "j"),
        ("x-cloudscheduler-scheduletime", "2024-05-01T05:00:00Z"),
    ];
    assert_eq!(call(port, "POST", "/", &job, b"").status(), 204);
    let events = written(&out);
    assert_eq!(told(&events[0]), ("topic", "7", &json!({"name": "news", "ordering_key": "k"})));
    assert_eq!(events[0]["data"], "hi");
    assert_eq!(
        told(&events[1]),
        ("schedule", "j/2024-05-01T05:00:00Z", &json!({"name": "j", "scheduled_for": "2024-05-01T05:00:00Z"}))
    );
    assert_eq!(call(port, "GET", "/page", &[], b"").json()["trigger"], "http");
    drop(process);
    let port = free_port();
    let (text, out) = (port.to_string(), self::out("container.jsonl"));
    // Its own clock might write down a tick meanwhile.
    let file = out.to_str().expect("a path is text");
    let env = [("PORT", text.as_str()), ("INSPECT_OUT", file), ("POLYFN_CLOCK", "off")];
    let _process = Process::start(INSPECT, &env).listening_on(port);
    let event = [
        ("ce-id", "e1"),
        ("ce-source", "/shop"),
        ("ce-specversion", "1.0"),
        ("ce-type", "shop.paid"),
        ("content-type", "application/json"),
    ];
    assert_eq!(call(port, "POST", "/", &event, br#"{"order":7}"#).status(), 204);
    let events = written(&out);
    assert_eq!(
        (told(&events[0]), &events[0]["type"], &events[0]["data"]),
        (("event", "e1", &json!({})), &json!("shop.paid"), &json!({"order": 7}))
    );
}

#[test]
fn events_on_azure() {
    let port = free_port();
    let (text, out) = (port.to_string(), out("azure.jsonl"));
    let env = [("FUNCTIONS_CUSTOMHANDLER_PORT", text.as_str()), ("INSPECT_OUT", out.to_str().expect("a path is text"))];
    let _process = Process::start(INSPECT, &env).listening_on(port);
    // Without a function.json the binding is the function's own: a queue trigger of bytes.
    let delivery = r#"{"Data":{"item":"aGVsbG8="},"Metadata":{"DequeueCount":"2","Id":"\"52d5\"","InsertionTime":"2025-02-18T03:06:19+00:00"}}"#;
    let answer = call(port, "POST", "/queue", &[("x-azure-functions-invocationid", "i")], delivery.as_bytes());
    assert_eq!((answer.status(), answer.json()), (200, json!({"Outputs": {}, "Logs": [], "ReturnValue": null})));
    let events = written(&out);
    assert_eq!((events[0]["trigger"].as_str(), events[0]["id"].as_str()), (Some("queue"), Some("52d5")));
    assert_eq!((&events[0]["attempt"], &events[0]["data"]), (&json!(2), &json!("hello")));
}
