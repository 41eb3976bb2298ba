//! Events on a container and on Google Cloud: what becomes of a delivery, over real sockets, and what a CloudEvent carries.
#![cfg(all(feature = "container", feature = "gcp", feature = "local"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod shared;

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Body, Event, Outcome, Provider, Reply, Trigger,
    cloudevents::{encode_binary, encode_structured},
    container,
    event::{Action, Change, Kind, Object, Queue, Schedule, Stream, Time, Topic},
    function::{Binding, Description, Function, Malformed, Settings},
    gcp,
    local::container::cloud_event,
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
    let other = request("POST /", &[("content-type", "application/cloudevents+avro")], "x");
    let bad_push = push("x").replace("eA==", "%%%%");
    for (host, request, refused) in
        [(Provider::Container, &malformed, 400), (Provider::Container, &other, 415), (Provider::Gcp, &bad_push, 400)]
    {
        assert_eq!(ask(host, vec![dropping(queue()), dropping(topic())], request).await.0, 204);
        assert_eq!(ask(host, vec![dropping(queue()), topic()], request).await.0, refused);
        assert_eq!(ask(host, vec![queue(), topic()], request).await.0, refused);
        assert_eq!(ask(host, vec![dropping(queue()), page()], request).await.0, 204);
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

fn text() -> impl Strategy<Value = String> {
    // What a header can carry once it is percent-encoded.
    "[^\\x00-\\x1f\\x7f-\\x9f]{1,12}"
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let maybe = || proptest::option::of(text());
    let action = prop_oneof![Just(Action::Created), Just(Action::Deleted), Just(Action::Updated)];
    let queue = (maybe(), maybe(), maybe()).prop_map(|(name, group, sequence)| Trigger::Queue(Queue { name, group, sequence }));
    let topic = (maybe(), maybe(), maybe())
        .prop_map(|(name, subject, ordering_key)| Trigger::Topic(Topic { name, subject, ordering_key }));
    let stream = (maybe(), maybe(), maybe(), maybe()).prop_map(|(name, partition, partition_key, sequence)| {
        Trigger::Stream(Stream { name, partition, partition_key, sequence })
    });
    let schedule = (maybe(), proptest::option::of(0..4_000_000_000_i64))
        .prop_map(|(name, at)| Trigger::Schedule(Schedule { name, scheduled_for: at.and_then(Time::from_seconds) }));
    let object = (action.clone(), text(), text(), proptest::option::of(any::<u64>()), maybe(), maybe()).prop_map(
        |(action, bucket, key, size, etag, version)| {
            Trigger::Object(Box::new(Object { action, bucket, key, size, etag, version, content_type: None }))
        },
    );
    let json = || proptest::option::of(prop_oneof![Just("{\"n\":12345678901234567890123}".to_owned()), Just("\"k\"".to_owned())]);
    let change = (action, maybe(), json(), json(), json()).prop_map(|(action, collection, key, before, after)| {
        Trigger::Change(Box::new(Change { action, collection, key, before, after }))
    });
    prop_oneof![queue, topic, stream, schedule, object, change]
}

proptest! {
    #[test]
    fn a_container_decodes_what_local_sends(trigger in trigger(), id in text(), attempt in 1..9_u32, data in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut event = Event::new(Provider::Container, trigger).with_id(id).with_source("/s").with_attempt(attempt).with_attribute("tenant", "a b");
        if !matches!(event.trigger(), Trigger::Change(_)) {
            event = event.with_data(data, Some("application/octet-stream"));
        }
        if let Trigger::Object(object) = event.trigger().clone() {
            event = event.with_subject(object.key);
        }
        let sent = cloud_event(&event).unwrap();
        let (headers, body) = encode_binary(&sent).unwrap();
        let structured = encode_structured(&sent);
        let mut request = Request::post("/");
        *request.headers_mut().unwrap() = headers;
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let same = |decoded: Vec<Event>, raw: &Bytes| -> Event { decoded.into_iter().next().unwrap().with_raw(raw.clone()) };
        let got = same(container::decode(&parts, &body).unwrap(), &Bytes::new());
        let (parts, ()) = Request::post("/").header("content-type", "application/cloudevents+json").body(()).unwrap().into_parts();
        let got_structured = same(container::decode(&parts, &structured).unwrap(), &Bytes::new());
        for got in [got, got_structured] {
            prop_assert_eq!(got.trigger(), event.trigger());
            prop_assert_eq!((got.id(), got.attempt(), got.data(), got.attributes()), (event.id(), event.attempt(), event.data(), event.attributes()));
        }
    }

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
