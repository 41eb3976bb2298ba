//! Events on a container and on Google Cloud: what becomes of a delivery, over real sockets, and what a CloudEvent carries.
#![cfg(all(feature = "container", feature = "gcp", feature = "local"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Body, Event, Failure, Outcome, Provider, Reply, Trigger,
    cloudevents::{encode_binary, encode_structured},
    container,
    event::{Action, Change, Kind, Object, Queue, Schedule, Stream, Time, Topic},
    function::{Binding, Description, Filter, Function, Functions, Malformed, Settings, Table},
    gcp,
    local::container::cloud_event,
    server::{Limits, Stop},
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
            On::Container => {
                let settings = container::Settings { hops: 0, limits: Limits::default() };
                container::serve_on(vec![listener], table, settings, stop_when).await
            }
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

/// The same function, which gives malformed events up.
fn dropping(function: Function) -> Function {
    let description = function.description();
    let settings = Settings { on_malformed: Malformed::Drop, ..description.settings };
    Function::new(Description { settings, ..description.clone() }, |_, _| async { Outcome::Done(Reply::Empty) })
}

#[tokio::test]
async fn a_malformed_delivery_is_acknowledged_if_every_function_of_events_gives_such_up() {
    let (queue, topic) = (|| obedient("work", Kind::Queue, "orders"), || obedient("news", Kind::Topic, "news"));
    let malformed = binary("polyfn.queue.message", "ce-time: soon\r\n", "x");
    let other = "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/cloudevents+avro\r\ncontent-length: 1\r\n\r\nx";
    let bad_push = push("x").replace("eA==", "%%%%");
    for (on, request, refused) in
        [(On::Container, malformed.as_str(), 400), (On::Container, other, 415), (On::Google, &bad_push, 400)]
    {
        assert_eq!(ask(on, vec![dropping(queue()), dropping(topic())], request).await.0, 204);
        assert_eq!(ask(on, vec![dropping(queue()), topic()], request).await.0, refused);
        assert_eq!(ask(on, vec![queue(), topic()], request).await.0, refused);
        assert_eq!(ask(on, vec![dropping(queue()), page()], request).await.0, 204);
    }
    // What is no event at all is not a malformed one.
    let nothing = "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx";
    assert_eq!(ask(On::Container, vec![dropping(queue())], nothing).await.0, 400);
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

#[tokio::test]
async fn a_malformed_event_in_a_batch_costs_its_neighbours_nothing() {
    let event = |id: &str, time: &str| {
        let data = if id == "fail" { "fail" } else { "ok" };
        format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"/s","type":"polyfn.queue.message","queue":"orders","time":"{time}","data":"{data}","datacontenttype":"text/plain"}}"#
        )
    };
    let request = |elements: &[String]| {
        let body = format!("[{}]", elements.join(","));
        format!(
            "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-type: application/cloudevents-batch+json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
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
        let one_broken = request(&[event("1", now), event("2", broken), event("3", now)]);
        let (status, answer) = ask(On::Container, functions(), &one_broken).await;
        match on_malformed {
            Malformed::Retry => assert!(status == 400 && answer.contains("[1].time"), "{answer}"),
            Malformed::Drop => assert_eq!(status, 204),
        }
        let mut handled = std::mem::take(&mut *seen.lock().unwrap());
        handled.sort();
        assert_eq!(handled, ["1", "3"]);
        let and_a_failure = request(&[event("fail", now), event("2", broken)]);
        assert_eq!(ask(On::Container, functions(), &and_a_failure).await.0, 500);
        // What is no list cannot be taken apart.
        let cut = request(&[event("1", now), "{".to_owned()]);
        assert_eq!(ask(On::Container, functions(), &cut).await.0, 400);
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
