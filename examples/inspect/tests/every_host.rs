//! The built program under each host's environment: what reaches a function there.

#![expect(clippy::expect_used, reason = "what a test needs and does not find fails the test")]

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
