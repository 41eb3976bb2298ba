//! The built program under each host's environment: the same functions, the same answers.

#![expect(clippy::indexing_slicing, reason = "what a test needs and does not find fails the test")]

use polyfn_tests::{Process, RuntimeApi, call, free_port, get, post};
use serde_json::json;

const HELLO: &str = env!("CARGO_BIN_EXE_hello");

/// A program that listens on a port of its host's choice.
fn on_port(name: &str, more: &[(&str, &str)]) -> (Process, u16) {
    let port = free_port();
    let text = port.to_string();
    let env: Vec<_> = [(name, text.as_str())].into_iter().chain(more.iter().copied()).collect();
    (Process::start(HELLO, &env).listening_on(port), port)
}

/// What every host that speaks plain HTTP must answer.
fn greets_and_adds(port: u16) {
    let hello = get(port, "/hello/Ad%C3%A9%20L");
    assert_eq!((hello.status(), hello.text().as_str()), (200, "Hello, Adé L!"));
    assert_eq!(hello.header("content-type"), Some("text/plain; charset=utf-8"));
    let sum = post(port, "/add", "[40,2]");
    assert_eq!((sum.status(), sum.text().as_str(), sum.header("content-type")), (200, "42", Some("application/json")));
    let bad = post(port, "/add", r#"[1,"hunter2"]"#);
    assert_eq!((bad.status(), bad.header("content-type")), (400, Some("application/problem+json")));
    assert_eq!(bad.json()["error"], "Function.BadInput");
    assert_eq!(bad.json()["detail"], "[1]: expected i64");
    assert_eq!(get(port, "/nothing").status(), 404);
    let method = call(port, "DELETE", "/hello/x", &[], b"");
    assert_eq!((method.status(), method.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    let head = call(port, "HEAD", "/hello/x", &[], b"");
    assert_eq!((head.status(), head.header("content-length")), (200, Some("9")));
}

#[test]
fn on_a_container() {
    let (mut process, port) = on_port("PORT", &[]);
    greets_and_adds(port);
    assert_eq!(get(port, "/healthz").status(), 200);
    process.terminate();
    assert!(process.exit().success());
}

#[test]
fn on_google_cloud() {
    let (mut process, port) = on_port("PORT", &[("K_SERVICE", "hello")]);
    greets_and_adds(port);
    assert_eq!(get(port, "/favicon.ico").status(), 404);
    process.terminate();
    assert!(process.exit().success());
}

#[test]
fn on_google_cloud_as_one_typed_function() {
    let (_process, port) = on_port("PORT", &[("FUNCTION_TARGET", "add")]);
    let sum = post(port, "/", "[40,2]");
    assert_eq!((sum.status(), sum.text().as_str()), (200, "42"));
}

#[test]
fn on_azure() {
    let (_process, port) = on_port("FUNCTIONS_CUSTOMHANDLER_PORT", &[]);
    let ready = get(port, "/");
    assert_eq!((ready.status(), ready.text().as_str()), (200, ""));
    let hello = get(port, "/api/hello/Ada");
    assert_eq!((hello.status(), hello.text().as_str()), (200, "Hello, Ada!"));
    let sum = post(port, "/api/add", "[40,2]");
    assert_eq!((sum.status(), sum.text().as_str()), (200, "42"));
    let request =
        json!({"Url": "https://app.azurewebsites.net/api/hello/Ada", "Method": "GET", "Headers": {}, "Params": {"name": "Ada"}});
    let delivery = json!({"Data": {"req": request}, "Metadata": {}}).to_string();
    let hello = call(port, "POST", "/hello", &[("x-azure-functions-invocationid", "1")], delivery.as_bytes());
    assert_eq!(hello.status(), 200);
    let res = &hello.json()["Outputs"]["res"];
    assert_eq!((res["statusCode"].to_string().trim_matches('"'), &res["body"]), ("200", &json!("Hello, Ada!")));
}

#[test]
fn on_lambda() {
    let mut api = RuntimeApi::start();
    let env = api.env();
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _process = Process::start(HELLO, &env);
    let request = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/hello/Ada", "rawQueryString": "", "headers": {},
        "requestContext": {"requestId": "r", "stage": "$default", "http": {"method": "GET", "path": "/hello/Ada"}},
        "isBase64Encoded": false,
    });
    let hello = api.invoke(request.to_string().as_bytes());
    assert_eq!(hello.path, "/invocation/1/response");
    let reply = hello.message.json();
    assert_eq!(
        (&reply["statusCode"], &reply["body"], &reply["isBase64Encoded"]),
        (&json!(200), &json!("Hello, Ada!"), &json!(false))
    );
    let sum = api.invoke(b"[40,2]");
    assert_eq!((sum.path.as_str(), sum.message.text().as_str()), ("/invocation/2/response", "42"));
    let bad = api.invoke(br#"{"no":"pair"}"#);
    assert_eq!(bad.path, "/invocation/3/error");
    assert_eq!(bad.message.json()["errorType"], "Function.BadInput");
    assert_eq!(bad.message.header("lambda-runtime-function-error-type"), Some("Function.BadInput"));
}

#[test]
fn on_this_machine() {
    let mut process = Process::start(HELLO, &[]);
    let line = process.line_with("polyfn serves 2 functions on http://127.0.0.1:");
    assert!(!line.contains('\x1b'));
    let port = line.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    process.line_with("curl");
    greets_and_adds(port);
    process.terminate();
    assert!(process.exit().success());
}

#[test]
fn two_hosts_at_once_is_an_error_that_lists_them() {
    let mut process = Process::start(HELLO, &[("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1"), ("K_SERVICE", "x")]);
    let line = process.line_with("error:");
    assert!(line.contains("AWS_LAMBDA_RUNTIME_API (aws), K_SERVICE (gcp)"), "{line}");
    assert_eq!(process.exit().code(), Some(1));
}

#[test]
fn an_unknown_function_is_an_error_that_lists_all() {
    let mut process = Process::start(HELLO, &[("PORT", "1"), ("POLYFN_FUNCTION", "goodbye")]);
    let line = process.line_with("error:");
    assert!(line.contains("`goodbye`") && line.contains("hello::hello") && line.contains("hello::add"), "{line}");
    assert_eq!(process.exit().code(), Some(1));
}
