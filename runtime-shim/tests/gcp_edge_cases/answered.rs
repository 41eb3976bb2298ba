use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use http::Request;
use polyfn_shim::{
    Outcome, Provider, Reply,
    event::Kind,
    function::{Binding, Description, Filter, Function},
    gcp,
    server::Delivery,
};
use tokio::sync::Notify;

use crate::shared::{Host, ask, obedient, request};

fn topic() -> Vec<Function> {
    vec![obedient("news", Kind::Topic, "news")]
}

#[tokio::test]
async fn rows_1_and_2_what_no_event_function_answers() {
    for (line, status, allow) in [
        ("GET /favicon.ico", 404, false),
        ("GET /robots.txt?a", 404, false),
        ("POST /robots.txt", 404, false),
        ("GET /", 405, true),
        ("HEAD /", 405, true),
        ("PUT /", 405, true),
    ] {
        let (answered, answer) = ask(Provider::Gcp, topic(), &request(line, &[], "")).await;
        assert_eq!((answered, answer.contains("\r\nallow: post\r\n")), (status, allow), "{line}: {answer}");
    }
}

#[tokio::test]
async fn row_3_a_body_without_a_length_is_an_event_too() {
    let message = r#"{"message":{"messageId":"9","data":"ZmFpbA=="},"subscription":"s"}"#;
    let chunked = format!(
        "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{message}\r\n0\r\n\r\n",
        message.len()
    );
    // Its data asks for a failure, so that the whole of it must have been read.
    assert_eq!(ask(Provider::Gcp, topic(), &chunked).await.0, 500);
    let long = "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 33554433\r\n\r\n";
    assert_eq!(ask(Provider::Gcp, topic(), long).await.0, 413);
}

#[test]
fn rows_30_and_50_the_trace_of_the_hop_is_the_invocations() {
    let hop = "00-105445aa7843bc8bf206b12000100000-00f067aa0ba902b7-01";
    let google = "105445aa7843bc8bf206b12000100000/18446744073709551615;o=1";
    for (header, value, want) in
        [("traceparent", hop, hop), ("x-cloud-trace-context", google, "00-105445aa7843bc8bf206b12000100000-ffffffffffffffff-01")]
    {
        let request = Request::post("/").header(header, value).header("ce-traceparent", "own").body(()).unwrap();
        let delivery = Delivery::new(request.into_parts().0, "");
        assert_eq!(gcp::invocation(&delivery).trace(), Some(want), "{header}");
    }
}

fn binding() -> Binding {
    Binding::Resource { kind: Kind::Topic, name: "*", filter: Filter::default() }
}

const PUSH: &str = r#"{"message":{},"subscription":"s"}"#;

#[tokio::test]
async fn row_51_an_event_in_flight_is_answered_after_sigterm() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tells, waits) = (Arc::clone(&begun), Arc::clone(&go_on));
    let function = Function::new(Description::new("slow", binding()), move |_, _| {
        let (begun, go_on) = (Arc::clone(&tells), Arc::clone(&waits));
        async move {
            begun.notify_one();
            go_on.notified().await;
            Outcome::Done(Reply::Empty)
        }
    });
    let host = Host::start(Provider::Gcp, vec![function]).await;
    let asked = host.send(request("POST /", &[], PUSH));
    begun.notified().await;
    let served = host.stop();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!served.is_finished());
    go_on.notify_one();
    assert!(asked.await.unwrap().starts_with("HTTP/1.1 204 "));
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn row_52_ten_calls_of_a_blocking_function_run_at_once() {
    // Each waits until all ten are there.
    let all = Arc::new(Barrier::new(10));
    let function = Function::blocking(Description::new("blocking", binding()), move |_, _| {
        all.wait();
        Outcome::Done(Reply::Empty)
    });
    let host = Host::start(Provider::Gcp, vec![function]).await;
    let calls: Vec<_> = (0..10).map(|_| host.send(request("POST /", &[], PUSH))).collect();
    for call in calls {
        let answer = tokio::time::timeout(Duration::from_secs(30), call).await.unwrap();
        assert!(answer.unwrap().starts_with("HTTP/1.1 204 "));
    }
}
