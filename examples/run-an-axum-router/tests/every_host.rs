//! The built program: a router behind a container's port and behind Lambda.

use polyfn_tests::{Process, RuntimeApi, free_port, get};
use serde_json::json;

const ROUTER: &str = env!("CARGO_BIN_EXE_run-an-axum-router");

#[test]
fn on_a_container() {
    let port = free_port();
    let text = port.to_string();
    let _process = Process::start(ROUTER, &[("PORT", text.as_str())]).listening_on(port);
    let hello = get(port, "/hello/Ad%C3%A9");
    assert_eq!((hello.status(), hello.text().as_str()), (200, "Hello, Adé!"));
    assert_eq!((get(port, "/other").status(), get(port, "/other").text().as_str()), (418, "short and stout"));
}

#[test]
fn on_lambda() {
    let mut api = RuntimeApi::start();
    let env = api.env();
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _process = Process::start(ROUTER, &env);
    let request = json!({
        "httpMethod": "GET", "path": "/hello/Ada", "headers": {}, "multiValueHeaders": {}, "resource": "/{proxy+}",
        "pathParameters": {"proxy": "hello/Ada"}, "requestContext": {"requestId": "r", "path": "/prod/hello/Ada", "stage": "prod"},
    });
    let reply = api.invoke(request.to_string().as_bytes()).message.json();
    assert_eq!((&reply["statusCode"], &reply["body"]), (&json!(200), &json!("Hello, Ada!")));
}
