//! Events on a container and on Google Cloud: what becomes of a delivery, over real sockets.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod shared;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Body, Failure, Outcome, Provider, Reply, container,
    event::Kind,
    function::{Binding, Description, Function, Malformed, Settings},
    gcp,
};
use proptest::prelude::*;
use shared::{ask, obedient, request};

fn page() -> Function {
    let binding = Binding::Http { methods: &[], path: None };
    Function::new(Description::new("page", binding), |event, _| async move {
        let kind = event.trigger().kind();
        Outcome::Done(Reply::Http(http::Response::new(Body::from(format!("page of {kind}")))))
    })
}

fn binary(ty: &str, more: &[(&str, &str)], body: &str) -> String {
    let event = [("ce-id", "1"), ("ce-source", "/s"), ("ce-specversion", "1.0"), ("ce-type", ty)];
    request("POST /", &[&event[..], more].concat(), body)
}

fn push(body: &str) -> String {
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, body);
    let body = format!(r#"{{"message":{{"data":"{data}","messageId":"7"}},"subscription":"s"}}"#);
    request("POST /projects/p/topics/news", &[("content-type", "application/json")], &body)
}

#[tokio::test]
async fn an_event_is_acknowledged_or_asked_for_again() {
    for (data, want) in [("ok", 204), ("drop", 204), ("fail", 500), ("panic", 500), ("fine", 500)] {
        let functions = || vec![obedient("work", Kind::Queue, "orders")];
        let request = binary("polyfn.queue.message", &[("ce-queue", "orders")], data);
        let (status, answer) = ask(Provider::Container, functions(), &request).await;
        assert_eq!(status, want, "{data}");
        assert!(!answer.contains("secret"), "{answer}");
        let (status, answer) = ask(Provider::Gcp, vec![obedient("news", Kind::Topic, "news")], &push(data)).await;
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
    let malformed = binary("polyfn.queue.message", &[("ce-time", "soon")], "x");
    let (status, answer) = ask(Provider::Container, functions(), &malformed).await;
    assert!(status == 400 && answer.contains("ce-time"), "{answer}");
    let other = request("POST /", &[("content-type", "application/cloudevents+avro")], "x");
    assert_eq!(ask(Provider::Container, functions(), &other).await.0, 415);
    let (status, answer) = ask(Provider::Gcp, functions(), &request("GET /", &[], "")).await;
    assert!(status == 405 && answer.contains("allow: post"), "{answer}");
    let hello = request("OPTIONS /", &[("webhook-request-origin", "e.example")], "");
    let (status, answer) = ask(Provider::Container, functions(), &hello).await;
    assert!(status == 200 && answer.contains("webhook-allowed-origin: e.example"), "{answer}");
    let unknown = binary("polyfn.queue.message", &[("ce-queue", "returns")], "x");
    assert_eq!(
        ask(Provider::Container, vec![obedient("a", Kind::Queue, "b"), obedient("c", Kind::Queue, "d")], &unknown).await.0,
        500
    );
}

#[tokio::test]
async fn an_event_that_nobody_takes_costs_its_neighbours_nothing_beside_a_page() {
    let event = |ty: &str| format!(r#"{{"specversion":"1.0","id":"1","source":"/s","type":"{ty}"}}"#);
    let batch = |events: &[String]| {
        request("POST /", &[("content-type", "application/cloudevents-batch+json")], &format!("[{}]", events.join(",")))
    };
    let handled: Arc<Mutex<usize>> = Arc::default();
    let functions = || {
        let handled = Arc::clone(&handled);
        let description = obedient("paid", Kind::Event, "order.*").description().clone();
        let paid = Function::new(description, move |_, _| {
            *handled.lock().unwrap() += 1;
            async { Outcome::Done(Reply::Empty) }
        });
        vec![paid, page()]
    };
    let mixed = batch(&[event("order.paid"), event("invoice.sent")]);
    let (status, answer) = ask(Provider::Container, functions(), &mixed).await;
    assert!(status == 500 && !answer.contains("page of"), "{answer}");
    assert_eq!(*handled.lock().unwrap(), 1);
    let (status, answer) = ask(Provider::Container, functions(), &batch(&[event("invoice.sent")])).await;
    assert!(status == 200 && answer.contains("page of http"), "{answer}");
}

#[tokio::test]
async fn a_failure_is_answered_with_a_status_that_every_source_delivers_again_for() {
    for (chosen, answered) in [(200, 500), (404, 500), (422, 500), (400, 500), (408, 500), (429, 429), (501, 500), (503, 503)] {
        let chosen = http::StatusCode::from_u16(chosen).unwrap();
        let description = obedient("work", Kind::Queue, "orders").description().clone();
        let failing =
            Function::new(
                description,
                move |_, _| async move { Outcome::Retry(Failure::new("Error", "no").with_status(chosen)) },
            );
        let message = binary("polyfn.queue.message", &[], "x");
        assert_eq!(ask(Provider::Container, vec![failing], &message).await.0, answered, "{chosen}");
    }
}

#[tokio::test]
async fn a_malformed_event_takes_no_failed_one_of_its_batch_along() {
    // 400 is final to some sources, and right for an event that will never fit; for the other one it would be a loss.
    let events = |data: [&str; 2]| {
        let event = |data| {
            let attributes =
                r#""specversion":"1.0","id":"1","source":"/s","type":"polyfn.queue.message","datacontenttype":"text/plain""#;
            format!(r#"{{{attributes},"data":"{data}"}}"#)
        };
        request("POST /", &[("content-type", "application/cloudevents-batch+json")], &format!("[{}]", data.map(event).join(",")))
    };
    for (data, want) in [(["bad", "fail"], 500), (["fail", "bad"], 500), (["bad", "bad"], 400), (["bad", "ok"], 400)] {
        let description = obedient("work", Kind::Queue, "orders").description().clone();
        let work = Function::new(description, |event, _| async move {
            match event.data().map(|data| &data[..]) {
                Some(b"bad") => Outcome::Retry(Failure::new("BadInput", "no").with_status(http::StatusCode::BAD_REQUEST)),
                Some(b"fail") => Outcome::Retry(Failure::new("Error", "no")),
                _ => Outcome::Done(Reply::Empty),
            }
        });
        assert_eq!(ask(Provider::Container, vec![work], &events(data)).await.0, want, "{data:?}");
    }
}

/// The same function, which gives malformed events up.
fn dropping(function: Function) -> Function {
    let description = function.description();
    let settings = Settings { on_malformed: Malformed::Drop, ..description.settings };
    Function::new(Description { settings, ..description.clone() }, |_, _| async { Outcome::Done(Reply::Empty) })
}

#[tokio::test]
async fn a_malformed_delivery_is_acknowledged_if_every_function_of_events_gives_such_up() {
    let (queue, topic) = (|| obedient("work", Kind::Queue, "orders"), || obedient("news", Kind::Topic, "news"));
    let malformed = binary("polyfn.queue.message", &[("ce-time", "soon")], "x");
    let bad_push = push("x").replace("eA==", "%%%%");
    for (host, request, refused) in [(Provider::Container, &malformed, 400), (Provider::Gcp, &bad_push, 400)] {
        assert_eq!(ask(host, vec![dropping(queue()), dropping(topic())], request).await.0, 204);
        assert_eq!(ask(host, vec![dropping(queue()), topic()], request).await.0, refused);
        assert_eq!(ask(host, vec![queue(), topic()], request).await.0, refused);
        assert_eq!(ask(host, vec![dropping(queue()), page()], request).await.0, 204);
    }
    // Who reads another format may find good events in it.
    for format in ["application/cloudevents+avro", "application/cloudevents-batch+avro"] {
        let other = request("POST /", &[("content-type", format)], "x");
        assert_eq!(ask(Provider::Container, vec![dropping(queue())], &other).await.0, 415);
    }
    // What is no event at all is not a malformed one.
    let nothing = request("POST /", &[], "x");
    assert_eq!(ask(Provider::Container, vec![dropping(queue())], &nothing).await.0, 400);
}

#[tokio::test]
async fn a_function_of_requests_sees_what_no_function_takes_as_an_event() {
    let functions = || vec![obedient("work", Kind::Queue, "orders"), page()];
    let mine = binary("polyfn.queue.message", &[("ce-queue", "orders")], "ok");
    assert_eq!(ask(Provider::Container, functions(), &mine).await.0, 204);
    let other = binary("shop.paid", &[], "ok");
    let (status, answer) = ask(Provider::Container, functions(), &other).await;
    assert!(status == 200 && answer.ends_with("page of http"), "{answer}");
    let (status, answer) = ask(Provider::Gcp, vec![page()], &push("x")).await;
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
        let request = request("POST /", &[("content-type", "application/cloudevents-batch+json")], &body);
        assert_eq!(
            ask(Provider::Container, vec![obedient("work", Kind::Queue, "orders")], &request).await.0,
            want,
            "{payloads:?}"
        );
    }
}

#[tokio::test]
async fn a_malformed_event_in_a_batch_costs_its_neighbours_nothing() {
    let event = |id: &str, time: &str| {
        let data = if id == "fail" { "fail" } else { "ok" };
        format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"/s","type":"polyfn.queue.message","queue":"orders","time":"{time}","data":"{data}","datacontenttype":"text/plain"}}"#
        )
    };
    let batch = |elements: &[String]| {
        request("POST /", &[("content-type", "application/cloudevents-batch+json")], &format!("[{}]", elements.join(",")))
    };
    let (now, broken) = ("2024-05-01T10:00:00Z", "soon");
    for on_malformed in [Malformed::Retry, Malformed::Drop] {
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let functions = || {
            let inner = obedient("work", Kind::Queue, "orders");
            let settings = Settings { on_malformed, ..Settings::default() };
            let seen = Arc::clone(&seen);
            vec![Function::new(Description { settings, ..inner.description().clone() }, move |event, _| {
                assert_eq!(event.raw().first(), Some(&b'['), "the whole delivery");
                seen.lock().unwrap().push(event.id().to_owned());
                let failed = event.id() == "fail";
                async move { if failed { Outcome::Retry(Failure::new("Error", "x")) } else { Outcome::Done(Reply::Empty) } }
            })]
        };
        let one_broken = batch(&[event("1", now), event("2", broken), event("3", now)]);
        let (status, answer) = ask(Provider::Container, functions(), &one_broken).await;
        match on_malformed {
            Malformed::Retry => assert!(status == 400 && answer.contains("[1].time"), "{answer}"),
            Malformed::Drop => assert_eq!(status, 204),
        }
        let mut handled = std::mem::take(&mut *seen.lock().unwrap());
        handled.sort();
        assert_eq!(handled, ["1", "3"]);
        let and_a_failure = batch(&[event("fail", now), event("2", broken)]);
        assert_eq!(ask(Provider::Container, functions(), &and_a_failure).await.0, 500);
        // What is no list cannot be taken apart.
        let cut = batch(&[event("1", now), "{".to_owned()]);
        assert_eq!(ask(Provider::Container, functions(), &cut).await.0, 400);
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
