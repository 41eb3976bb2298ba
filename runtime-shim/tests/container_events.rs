//! Events on a container and on Google Cloud: what becomes of a delivery, over real sockets.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Body, Failure, Outcome, Reply, container,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Table},
    gcp,
    server::Stop,
};
use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// A function that does as its event's data says.
fn obedient(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
    Function::new(Description::new(name, binding), |event, _| async move {
        match event.data().map(|data| &data[..]) {
            Some(b"fail") => Outcome::Retry(Failure::new("Error", "secret")),
            Some(b"drop") => Outcome::Drop(Failure::new("Error", "as told")),
            Some(b"panic") => Outcome::from_panic(&"as told"),
            Some(b"fine") => Outcome::Retry(Failure::new("Error", "no").with_status(http::StatusCode::OK)),
            _ => Outcome::Done(Reply::Empty),
        }
    })
}

fn page() -> Function {
    let binding = Binding::Http { methods: &[], path: None };
    Function::new(Description::new("page", binding), |event, _| async move {
        let kind = event.trigger().kind();
        Outcome::Done(Reply::Http(http::Response::new(Body::from(format!("page of {kind}")))))
    })
}

#[derive(Clone, Copy, PartialEq)]
enum On {
    Container,
    Google,
}

/// The status, the head and the body of the answer to a raw request.
async fn ask(on: On, functions: Vec<Function>, request: &str) -> (u16, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let table = Arc::new(Table::new(Functions::new(functions), None, true).unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let stop_when = Stop::when(async move {
        let _ = stopped.await;
    });
    let served = tokio::spawn(async move {
        match on {
            On::Container => container::serve_on(vec![listener], table, container::Settings::default(), stop_when).await,
            On::Google => gcp::serve_on(vec![listener], table, gcp::Settings::default(), stop_when).await,
        }
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer.to_lowercase())
}

fn binary(ty: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nce-id: 1\r\nce-source: /s\r\nce-specversion: 1.0\r\nce-type: {ty}\r\n\
         {more}content-length: {length}\r\n\r\n{body}"
    )
}

fn push(body: &str) -> String {
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, body);
    let body = format!(r#"{{"message":{{"data":"{data}","messageId":"7"}},"subscription":"s"}}"#);
    format!(
        "POST /projects/p/topics/news HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_event_is_acknowledged_or_asked_for_again() {
    for (data, want) in [("ok", 204), ("drop", 204), ("fail", 500), ("panic", 500), ("fine", 500)] {
        let functions = || vec![obedient("work", Kind::Queue, "orders")];
        let request = binary("polyfn.queue.message", "ce-queue: orders\r\n", data);
        let (status, answer) = ask(On::Container, functions(), &request).await;
        assert_eq!(status, want, "{data}");
        assert!(!answer.contains("secret"), "{answer}");
        let (status, answer) = ask(On::Google, vec![obedient("news", Kind::Topic, "news")], &push(data)).await;
        assert_eq!(status, want, "{data}");
        let google = match data {
            "fail" => "x-google-status: error",
            "panic" => "x-google-status: crash",
            _ => "",
        };
        assert!(answer.contains(google) && !answer.contains("secret"), "{answer}");
    }
}

#[tokio::test]
async fn what_is_malformed_or_no_event_is_refused_in_words() {
    let functions = || vec![obedient("work", Kind::Queue, "orders")];
    let malformed = binary("polyfn.queue.message", "ce-time: soon\r\n", "x");
    let (status, answer) = ask(On::Container, functions(), &malformed).await;
    assert!(status == 400 && answer.contains("ce-time"), "{answer}");
    let other = "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/cloudevents+avro\r\ncontent-length: 1\r\n\r\nx";
    assert_eq!(ask(On::Container, functions(), other).await.0, 415);
    let (status, answer) = ask(On::Google, functions(), "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").await;
    assert!(status == 405 && answer.contains("allow: post"), "{answer}");
    let hello = "OPTIONS / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nwebhook-request-origin: e.example\r\n\r\n";
    let (status, answer) = ask(On::Container, functions(), hello).await;
    assert!(status == 200 && answer.contains("webhook-allowed-origin: e.example"), "{answer}");
    let unknown = binary("polyfn.queue.message", "ce-queue: returns\r\n", "x");
    assert_eq!(ask(On::Container, vec![obedient("a", Kind::Queue, "b"), obedient("c", Kind::Queue, "d")], &unknown).await.0, 500);
}

#[tokio::test]
async fn a_function_of_requests_sees_what_no_function_takes_as_an_event() {
    let functions = || vec![obedient("work", Kind::Queue, "orders"), page()];
    let mine = binary("polyfn.queue.message", "ce-queue: orders\r\n", "ok");
    assert_eq!(ask(On::Container, functions(), &mine).await.0, 204);
    let other = binary("shop.paid", "", "ok");
    let (status, answer) = ask(On::Container, functions(), &other).await;
    assert!(status == 200 && answer.ends_with("page of http"), "{answer}");
    let (status, answer) = ask(On::Google, vec![page()], &push("x")).await;
    assert!(status == 200 && answer.ends_with("page of http"), "{answer}");
}

#[tokio::test]
async fn one_failure_in_a_batch_brings_the_batch_back() {
    let event = |data: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"{data}","source":"/s","type":"polyfn.queue.message","queue":"orders","data_base64":"{}"}}"#,
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, data)
        )
    };
    for (payloads, want) in [(&["ok", "ok"][..], 204), (&["ok", "fail", "ok"], 500), (&["drop"], 204), (&[], 204)] {
        let body = format!("[{}]", payloads.iter().map(|data| event(data)).collect::<Vec<_>>().join(","));
        let request = format!(
            "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/cloudevents-batch+json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(ask(On::Container, vec![obedient("work", Kind::Queue, "orders")], &request).await.0, want, "{payloads:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic(body in proptest::collection::vec(any::<u8>(), 0..200), batch in any::<bool>()) {
        let media_type = if batch { "application/cloudevents-batch+json" } else { "application/json" };
        let (parts, ()) = Request::post("/").header("content-type", media_type).body(()).unwrap().into_parts();
        let _ = container::decode(&parts, &body.clone().into());
        let _ = gcp::decode(&parts, &body.into());
    }
}

#[test]
fn every_truncation_of_a_push_is_an_error_or_a_request() {
    let body = r#"{"message":{"data":"aGk=","attributes":{"eventType":"OBJECT_FINALIZE","bucketId":"b","objectId":"a"},"messageId":"7"},"subscription":"s"}"#;
    for end in 0..body.len() {
        let (parts, ()) = Request::post("/").header("content-type", "application/json").body(()).unwrap().into_parts();
        let decoded = gcp::decode(&parts, &Bytes::copy_from_slice(&body.as_bytes()[..end]));
        assert!(!decoded.is_ok_and(|events| events[0].http().is_none()), "{end}");
    }
}
