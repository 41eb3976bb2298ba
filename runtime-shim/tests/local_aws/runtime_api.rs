//! The Runtime API as a runtime sees it. What is expected here is what AWS's Runtime Interface Emulator answers, and where it
//! has no such thing, the Runtime API's documentation.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response};
use polyfn_shim::local::{
    Process, ProcessError,
    aws::{Configuration, REQUEST_ID, RuntimeApi},
    send,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

use crate::{invoke, read};

/// A Runtime API with a runtime that a test plays.
struct Runtime(Arc<RuntimeApi>);

type Reply = JoinHandle<Result<Response<Bytes>, ProcessError>>;

impl Runtime {
    async fn start(configuration: Configuration) -> Self {
        Self(Arc::new(RuntimeApi::start(configuration).await.unwrap()))
    }

    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<Bytes> {
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = path.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
        }
        send(self.0.address(), request).await.unwrap()
    }

    async fn get(&self, path: &str) -> Response<Bytes> {
        self.call("GET", &format!("/2018-06-01/runtime/{path}"), &[], "").await
    }

    async fn post(&self, path: &str, body: impl Into<Bytes>) -> (u16, Value) {
        self.post_with(path, &[], body).await
    }

    async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> (u16, Value) {
        told(self.call("POST", &format!("/2018-06-01/runtime/{path}"), headers, body).await)
    }

    /// An invocation, which the test is to answer.
    fn deliver(&self, id: &str, payload: &str) -> Reply {
        let mut request = invoke(payload.to_owned());
        request.headers_mut().insert(REQUEST_ID, id.parse().unwrap());
        self.deliver_request(request)
    }

    fn deliver_request(&self, request: Request<Bytes>) -> Reply {
        let api = Arc::clone(&self.0);
        tokio::spawn(async move { api.deliver(request).await })
    }

    /// An invocation that was handed out.
    async fn taken(&self, id: &str) -> Reply {
        let reply = self.deliver(id, "1");
        assert_eq!(self.get("invocation/next").await.headers()["lambda-runtime-aws-request-id"], id);
        reply
    }

    /// Sends these bytes, and reads what comes until the connection is closed.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.0.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn told(response: Response<Bytes>) -> (u16, Value) {
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

fn ok() -> (u16, Value) {
    (202, json!({"status": "OK"}))
}

fn transition(from: &str, to: &str) -> (u16, Value) {
    let message = format!("State transition from {from} to {to} failed for runtime. Error: State transition is not allowed");
    (403, json!({"errorMessage": message, "errorType": "InvalidStateTransition"}))
}

fn unknown_id() -> (u16, Value) {
    (400, json!({"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}))
}

async fn default() -> Runtime {
    Runtime::start(Configuration { name: "orders".to_owned(), ..Configuration::default() }).await
}

#[tokio::test]
async fn an_invocation_is_handed_out_with_its_frame() {
    let runtime = default().await;
    let before = polyfn_shim::event::Time::now().as_millis();
    let request = Request::builder()
        .header(REQUEST_ID, "r-1")
        .header("x-amzn-trace-id", "Root=1-5b")
        .header("x-amz-client-context", "eyJhIjoxfQ==")
        .header("x-amz-tenant-id", "blue")
        .body(Bytes::from("[1]"));
    let reply = runtime.deliver_request(request.unwrap());
    let next = runtime.get("invocation/next").await;
    assert_eq!((next.status().as_u16(), &next.body()[..]), (200, &b"[1]"[..]));
    for (name, want) in [
        ("lambda-runtime-aws-request-id", "r-1"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:orders"),
        ("lambda-runtime-trace-id", "Root=1-5b"),
        ("lambda-runtime-client-context", r#"{"a":1}"#),
        ("lambda-runtime-aws-tenant-id", "blue"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(next.headers()[name], want, "{name}");
    }
    assert!(!next.headers().contains_key("lambda-runtime-cognito-identity"));
    let deadline: i64 = next.headers()["lambda-runtime-deadline-ms"].to_str().unwrap().parse().unwrap();
    assert!((before + 3_000..before + 60_000).contains(&deadline));
    assert_eq!(runtime.post("invocation/r-1/response", "2").await, ok());
    assert_eq!(read(reply.await.unwrap()), (true, json!(2)));
}

#[tokio::test]
async fn what_nobody_said_is_made_up_or_left_out() {
    let runtime = default().await;
    let reply = runtime.deliver_request(invoke("1"));
    let next = runtime.get("invocation/next").await;
    let id = next.headers()["lambda-runtime-aws-request-id"].to_str().unwrap().to_owned();
    let parts: Vec<_> = id.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);
    assert!(next.headers()["lambda-runtime-trace-id"].to_str().unwrap().starts_with("Root=1-"));
    assert!(!next.headers().contains_key("lambda-runtime-client-context"));
    runtime.post(&format!("invocation/{id}/response"), "1").await;
    reply.await.unwrap().unwrap();
}

#[tokio::test]
async fn next_waits_until_something_comes() {
    let runtime = default().await;
    let early = runtime.get("invocation/next");
    let late = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some(runtime.deliver("r-1", "1"))
    };
    let (next, _reply) = tokio::join!(early, late);
    assert_eq!(next.headers()["lambda-runtime-aws-request-id"], "r-1");
}

#[tokio::test]
async fn a_runtime_that_asks_twice_gets_the_same_again() {
    let runtime = default().await;
    let _reply = runtime.taken("r-1").await;
    let _waiting = runtime.deliver("r-2", "2");
    assert_eq!(runtime.get("invocation/next").await.headers()["lambda-runtime-aws-request-id"], "r-1");
}

#[tokio::test]
async fn a_client_that_went_away_takes_nothing_with_it() {
    let runtime = default().await;
    let gone = tokio::time::timeout(Duration::from_millis(50), runtime.get("invocation/next")).await;
    assert!(gone.is_err());
    let _reply = runtime.taken("r-1").await;
}

#[tokio::test]
async fn several_are_handed_out_at_once_if_the_environment_takes_several() {
    let runtime = Runtime::start(Configuration { concurrency: 2, ..Configuration::default() }).await;
    let (one, other) = (runtime.taken("r-1").await, runtime.taken("r-2").await);
    let waiting = runtime.deliver("r-3", "3");
    assert_eq!(told(runtime.get("invocation/next").await), transition("InvocationResponse", "Ready"));
    assert_eq!(runtime.post("invocation/r-2/response", "22").await, ok());
    assert_eq!(runtime.get("invocation/next").await.headers()["lambda-runtime-aws-request-id"], "r-3");
    assert_eq!(runtime.post("invocation/r-1/response", "11").await, ok());
    assert_eq!(runtime.post("invocation/r-3/response", "33").await, ok());
    for (reply, want) in [(one, 11), (other, 22), (waiting, 33)] {
        assert_eq!(read(reply.await.unwrap()), (true, json!(want)));
    }
}

#[tokio::test]
async fn an_invocation_is_answered_once() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    assert_eq!(runtime.post("invocation/abc/response", "1").await, unknown_id());
    assert_eq!(runtime.post("invocation/abc/error", "{}").await, unknown_id());
    assert_eq!(runtime.post("invocation/r-1/response", "1").await, ok());
    let sent = "RuntimeResponseSentState";
    assert_eq!(runtime.post("invocation/r-1/response", "2").await, transition(sent, "InvocationResponse"));
    assert_eq!(runtime.post("invocation/r-1/error", "{}").await, transition(sent, "InvocationErrorResponse"));
    assert_eq!(runtime.post("init/error", "{}").await, transition(sent, "InitError"));
    assert_eq!(read(reply.await.unwrap()), (true, json!(1)));
}

#[tokio::test]
async fn an_error_is_the_reply() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    let error = r#"{"errorType":"A","errorMessage":"b","stackTrace":["x"]}"#;
    assert_eq!(runtime.post("invocation/r-1/error", error).await, ok());
    assert_eq!(read(reply.await.unwrap()), (false, serde_json::from_str(error).unwrap()));
    let reply = runtime.taken("r-2").await;
    let kind = [("Lambda-Runtime-Function-Error-Type", "Function.Bare")];
    assert_eq!(runtime.post_with("invocation/r-2/error", &kind, "").await, ok());
    assert_eq!(read(reply.await.unwrap()), (false, json!({"errorType": "Function.Bare"})));
}

#[tokio::test]
async fn a_reply_that_is_too_large_is_told_to_both_sides() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    let told = runtime.post("invocation/r-1/response", vec![b'x'; 6_291_557]).await;
    let message = "Exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(told, (413, json!({"errorMessage": message, "errorType": "RequestEntityTooLarge"})));
    let sent = "RuntimeResponseSentState";
    assert_eq!(runtime.post("invocation/r-1/error", "{}").await, transition(sent, "InvocationErrorResponse"));
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    let want = json!({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message});
    assert_eq!(read(reply.await.unwrap()), (false, want));
    let reply = runtime.taken("r-2").await;
    assert_eq!(runtime.post("invocation/r-2/response", vec![b'1'; 6_291_556]).await, ok());
    assert_eq!(reply.await.unwrap().unwrap().body().len(), 6_291_556);
}

#[tokio::test]
async fn another_response_mode_is_refused() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    let mode = [("Lambda-Runtime-Function-Response-Mode", "sideways")];
    let want = json!({"errorMessage": "Invalid function response mode", "errorType": "InvalidFunctionResponseMode"});
    assert_eq!(runtime.post_with("invocation/r-1/response", &mode, "1").await, (400, want));
    assert_eq!(runtime.post("invocation/r-1/response", "1").await, ok());
    assert_eq!(read(reply.await.unwrap()), (true, json!(1)));
}

#[tokio::test]
async fn an_answer_to_another_attempt_is_gone() {
    let runtime = default().await;
    let reply = runtime.deliver("r-1", "1");
    let next = runtime.get("invocation/next").await;
    let echo = next.headers()["lambda-runtime-invocation-id"].to_str().unwrap();
    let other = [("Lambda-Runtime-Invocation-Id", "another")];
    assert_eq!(runtime.post_with("invocation/r-1/response", &other, "1").await.0, 410);
    assert_eq!(runtime.post_with("invocation/r-1/response", &[("Lambda-Runtime-Invocation-Id", echo)], "2").await, ok());
    assert_eq!(read(reply.await.unwrap()), (true, json!(2)));
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_gone() {
    let runtime = Runtime::start(Configuration { timeout: Duration::from_millis(100), ..Configuration::default() }).await;
    let reply = runtime.taken("r-1").await;
    let message = "RequestId: r-1 Error: Task timed out after 0.10 seconds";
    assert_eq!(read(reply.await.unwrap()), (false, json!({"errorType": "Sandbox.Timedout", "errorMessage": message})));
    assert_eq!(runtime.post("invocation/r-1/response", "1").await.0, 410);
    let _reply = runtime.taken("r-2").await;
}

const STREAMING: &str = "Host: x\r\nConnection: close\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n\
    Content-Type: application/vnd.awslambda.http-integration-response\r\nTransfer-Encoding: chunked\r\n\
    Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n";

#[tokio::test]
async fn a_stream_is_put_together() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    let head = format!("POST /2018-06-01/runtime/invocation/r-1/response HTTP/1.1\r\n{STREAMING}");
    let answer = runtime.raw(format!("{head}5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 202 Accepted\r\n"), "{answer}");
    let reply = reply.await.unwrap().unwrap();
    assert_eq!(reply.headers()["content-type"], "application/vnd.awslambda.http-integration-response");
    assert_eq!(reply.body(), "helloworld");
}

#[tokio::test]
async fn a_stream_fails_by_its_trailers() {
    let runtime = default().await;
    let reply = runtime.taken("r-1").await;
    let head = format!("POST /2018-06-01/runtime/invocation/r-1/response HTTP/1.1\r\n{STREAMING}");
    // {"errorType":"Function.Late"}
    let trailers = "Lambda-Runtime-Function-Error-Type: Function.Late\r\n\
        Lambda-Runtime-Function-Error-Body: eyJlcnJvclR5cGUiOiJGdW5jdGlvbi5MYXRlIn0=\r\n";
    let answer = runtime.raw(format!("{head}5\r\nhello\r\n0\r\n{trailers}\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 202 Accepted\r\n"), "{answer}");
    assert_eq!(read(reply.await.unwrap()), (false, json!({"errorType": "Function.Late"})));
}

#[tokio::test]
async fn an_answer_that_breaks_off_fails_its_invocation() {
    let runtime = default().await;
    for body in ["Content-Length: 100\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"] {
        let reply = runtime.taken("r-1").await;
        let mut stream = TcpStream::connect(runtime.0.address()).await.unwrap();
        let head = format!("POST /2018-06-01/runtime/invocation/r-1/response HTTP/1.1\r\nHost: x\r\n{body}");
        stream.write_all(head.as_bytes()).await.unwrap();
        drop(stream);
        let (ok, error) = read(reply.await.unwrap());
        assert_eq!((ok, &error["errorType"]), (false, &json!("Runtime.TruncatedResponse")));
    }
}

#[tokio::test]
async fn a_failed_init_answers_what_waits_and_what_comes() {
    let runtime = default().await;
    let waiting = runtime.deliver("r-1", "1");
    let error = json!({"errorType": "Runtime.NoDb", "errorMessage": "no db"});
    assert_eq!(runtime.post("init/error", error.to_string()).await, ok());
    assert_eq!(read(waiting.await.unwrap()), (false, error.clone()));
    assert_eq!(read(runtime.deliver("r-2", "1").await.unwrap()), (false, error));
    assert_eq!(told(runtime.get("invocation/next").await), transition("InitError", "Ready"));
}

#[tokio::test]
async fn a_snapshot_is_restored_at_once() {
    let runtime = default().await;
    assert_eq!(runtime.get("restore/next").await.status(), 200);
    let error = json!({"errorType": "Runtime.Restore"});
    assert_eq!(runtime.post("restore/error", error.to_string()).await, ok());
    assert_eq!(read(runtime.deliver("r-1", "1").await.unwrap()), (false, error));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_asks_for_is_given_up() {
    let runtime = default().await;
    let text = "nobody asked for an invocation within 10 s; is the program a function for Lambda?";
    assert_eq!(runtime.0.deliver(invoke("1")).await.unwrap_err(), ProcessError::TimedOut(text.to_owned()));
}

#[tokio::test]
async fn there_is_nothing_else() {
    let runtime = default().await;
    for path in ["/x", "/2018-06-01/runtime/nothing", "/2018-06-01/runtime/invocation/a/b", "/2020-01-01/extension/x"] {
        assert_eq!(runtime.call("GET", path, &[], "").await.status(), 404, "{path}");
    }
    let put = runtime.call("PUT", "/2018-06-01/runtime/invocation/next", &[], "").await;
    assert_eq!((put.status().as_u16(), &put.headers()["allow"]), (405, &"GET".parse::<http::HeaderValue>().unwrap()));
    let get = runtime.get("invocation/r-1/response").await;
    assert_eq!((get.status().as_u16(), &get.headers()["allow"]), (405, &"POST".parse::<http::HeaderValue>().unwrap()));
}

impl Runtime {
    async fn register(&self, name: Option<&str>, body: &str) -> Response<Bytes> {
        let headers: Vec<_> = name.map(|name| ("Lambda-Extension-Name", name)).into_iter().collect();
        self.call("POST", "/2020-01-01/extension/register", &headers, body.to_owned()).await
    }

    async fn event(&self, id: &str) -> Response<Bytes> {
        self.call("GET", "/2020-01-01/extension/event/next", &[("Lambda-Extension-Identifier", id)], "").await
    }
}

#[tokio::test]
async fn an_extension_registers_before_the_first_invocation() {
    let runtime = default().await;
    let refused = |name: &str, message: &str| (403, json!({"errorMessage": message, "errorType": name}));
    let want = refused("Extension.InvalidExtensionName", "Empty extension name");
    assert_eq!(told(runtime.register(None, "{}").await), want);
    let want = refused("Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension");
    assert_eq!(told(runtime.register(Some("e"), r#"{"events":["SHUTDOWN"]}"#).await), want);
    let want = refused("Extension.InvalidEventType", "NOPE: ErrorInvalidEventType");
    assert_eq!(told(runtime.register(Some("e"), r#"{"events":["NOPE"]}"#).await), want);
    assert_eq!(told(runtime.register(Some("e"), "{").await).1["errorType"], "InvalidRequestFormat");
    let registered = runtime.register(Some("e"), r#"{"events":[]}"#).await;
    assert_eq!(registered.headers()["lambda-extension-identifier"].len(), 36);
    let want = json!({"functionName": "orders", "functionVersion": "$LATEST", "handler": "bootstrap"});
    assert_eq!(told(registered), (200, want));
    let _ = tokio::time::timeout(Duration::from_millis(50), runtime.get("invocation/next")).await;
    assert_eq!(told(runtime.register(Some("late"), "{}").await).1["errorType"], "Extension.RegistrationClosed");
}

#[tokio::test]
async fn no_invocation_begins_before_every_extension_waits() {
    let runtime = default().await;
    let registered = runtime.register(Some("e"), r#"{"events":["INVOKE"]}"#).await;
    let id = registered.headers()["lambda-extension-identifier"].to_str().unwrap().to_owned();
    let _reply = runtime.deliver("r-1", "1");
    assert!(tokio::time::timeout(Duration::from_millis(100), runtime.get("invocation/next")).await.is_err());
    let (event, next) = tokio::join!(runtime.event(&id), runtime.get("invocation/next"));
    assert_eq!(next.headers()["lambda-runtime-aws-request-id"], "r-1");
    let event: Value = serde_json::from_slice(event.body()).unwrap();
    assert_eq!((&event["eventType"], &event["requestId"]), (&json!("INVOKE"), &json!("r-1")));
    assert_eq!(event["invokedFunctionArn"], "arn:aws:lambda:us-east-1:123456789012:function:orders");
    let deadline = next.headers()["lambda-runtime-deadline-ms"].to_str().unwrap();
    assert_eq!(event["deadlineMs"].to_string(), deadline);
}

#[tokio::test]
async fn an_extension_must_say_who_it_is() {
    let runtime = default().await;
    let none = runtime.call("GET", "/2020-01-01/extension/event/next", &[], "").await;
    assert_eq!(told(none).1["errorType"], "Extension.MissingExtensionIdentifier");
    let want = json!({"errorMessage": "Unknown extension 7", "errorType": "Extension.UnknownExtensionIdentifier"});
    assert_eq!(told(runtime.event("7").await), (403, want));
}

#[tokio::test]
async fn an_external_extension_is_told_of_the_end() {
    let runtime = Runtime::start(Configuration { extensions: vec!["logs".to_owned()], ..Configuration::default() }).await;
    let registered = runtime.register(Some("logs"), r#"{"events":["SHUTDOWN"]}"#).await;
    let id = registered.headers()["lambda-extension-identifier"].to_str().unwrap().to_owned();
    let (event, ()) = tokio::join!(runtime.event(&id), runtime.0.ends("spindown", Duration::from_secs(20)));
    let event: Value = serde_json::from_slice(event.body()).unwrap();
    assert_eq!((&event["eventType"], &event["shutdownReason"]), (&json!("SHUTDOWN"), &json!("spindown")));
    assert!(event["deadlineMs"].as_i64().unwrap() > polyfn_shim::event::Time::now().as_millis());
    // One that does not ask is not waited for any longer.
    runtime.0.ends("spindown", Duration::from_millis(10)).await;
}
