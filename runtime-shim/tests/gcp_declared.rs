//! Google Cloud: what a delivery becomes where the declared functions decide, and how it is answered then.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod shared;

use bytes::Bytes;
use http::{Request, request::Parts};
use polyfn_shim::{
    DecodeError, Event, Outcome, Provider, Reply,
    event::{Action, Kind},
    function::{Binding, Declared, Description, Filter, Function},
    gcp,
};
use serde_json::{Value, json};
use shared::{ask, obedient, request};

fn parts(line: &str, headers: &[(&str, &str)]) -> Parts {
    let (method, path) = line.split_once(' ').unwrap();
    let request =
        headers.iter().fold(Request::builder().method(method).uri(path), |request, (name, value)| request.header(*name, *value));
    request.body(()).unwrap().into_parts().0
}

/// A delivery: its request line, its headers and its body.
type Delivery<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str);

fn decode(functions: &[Function], (line, headers, body): &Delivery<'_>) -> Result<Event, DecodeError> {
    let events = gcp::decode_for(&parts(line, headers), &Bytes::copy_from_slice(body.as_bytes()), Declared::of(functions))?;
    assert_eq!(events.len(), 1);
    Ok(events.into_iter().next().unwrap())
}

/// The member of the common event that has its trigger's fields, with `type` where that is the event's own.
fn told(event: &Event) -> Value {
    let json = serde_json::to_value(event).unwrap();
    let kind = event.trigger().kind().as_str();
    let told = if kind == "event" { "type" } else { kind };
    json!({kind: json.get(told).unwrap()})
}

fn on(kind: Kind, resource: &'static str) -> Function {
    obedient("f", kind, resource)
}

fn named(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    obedient(name, kind, resource)
}

fn web() -> Function {
    Function::blocking(Description::new("web", Binding::Http { methods: &[], path: None }), |_, _| Outcome::Done(Reply::Empty))
}

const FINALIZED: &str = "google.cloud.storage.object.v1.finalized";
const PUBLISHED: &str = "google.cloud.pubsub.topic.v1.messagePublished";

fn cloud_event<'a>(ty: &'a str, source: &'a str, body: &'a str) -> Delivery<'a> {
    let headers =
        [("ce-id", "1"), ("ce-source", source), ("ce-specversion", "1.0"), ("ce-type", ty), ("content-type", "application/json")];
    ("POST /", headers.to_vec(), body)
}

fn stored(body: &str) -> Delivery<'_> {
    cloud_event(FINALIZED, "//storage.googleapis.com/projects/_/buckets/photos", body)
}

fn published() -> Delivery<'static> {
    cloud_event(PUBLISHED, "//pubsub.googleapis.com/projects/p/topics/news", r#"{"message":{"data":"aGk=","orderingKey":"k"}}"#)
}

fn check(functions: &[Function], delivery: &Delivery<'_>, want: Value) {
    let event = decode(functions, delivery).unwrap();
    let names: Vec<_> = functions.iter().map(|function| &function.description().binding).collect();
    assert_eq!(told(&event), want, "{names:?} {delivery:?}");
    assert_eq!(event.raw(), delivery.2, "{names:?}");
}

#[test]
fn a_cloud_event_is_mapped_only_for_a_function_that_takes_it_so() {
    let body = r#"{"name":"cat.png","bucket":"photos"}"#;
    let object = json!({"object": {"action": "created", "bucket": "photos", "key": "cat.png"}});
    let own = json!({"event": FINALIZED});
    let deletes = Filter { on: &[Action::Deleted], ..Filter::default() };
    let deletes = || {
        let binding = Binding::Resource { kind: Kind::Object, name: "photos", filter: deletes };
        Function::blocking(Description::new("f", binding), |_, _| Outcome::Done(Reply::Empty))
    };
    for (functions, want) in [
        (vec![], &object),
        (vec![on(Kind::Event, "*")], &own),
        (vec![on(Kind::Event, FINALIZED), on(Kind::Topic, "t")], &own),
        // The only function there is; but this is no type that it takes.
        (vec![on(Kind::Event, "shop.paid")], &object),
        (vec![on(Kind::Event, "*"), on(Kind::Object, "*")], &object),
        (vec![on(Kind::Event, "*"), on(Kind::Object, "films")], &own),
        (vec![on(Kind::Event, "*"), deletes()], &own),
        (vec![on(Kind::Event, "shop.paid"), on(Kind::Object, "films")], &object),
        // Two that take it are a mistake to be told, not a reason to hand it to a third.
        (vec![on(Kind::Event, "*"), on(Kind::Object, "photos"), on(Kind::Object, "*")], &object),
        (vec![on(Kind::Topic, "t")], &object),
        (vec![on(Kind::Event, "*"), web()], &own),
    ] {
        check(&functions, &stored(body), want.clone());
    }
}

#[test]
fn an_unmapped_event_has_its_own_attributes_and_data() {
    let mut delivery = stored("no JSON");
    delivery.1.extend([("ce-subject", "objects/cat.png"), ("ce-bucket", "photos")]);
    let event = decode(&[on(Kind::Event, "*"), on(Kind::Topic, "t")], &delivery).unwrap();
    assert_eq!((event.ty(), event.source()), (FINALIZED, "//storage.googleapis.com/projects/_/buckets/photos"));
    assert_eq!((event.subject(), event.attribute("bucket")), (Some("objects/cat.png"), Some("photos")));
    assert_eq!((event.data().unwrap(), event.datacontenttype()), (&Bytes::from("no JSON"), Some("application/json")));
    assert!(decode(&[on(Kind::Event, "*"), on(Kind::Object, "*")], &delivery).is_err());
}

#[test]
fn a_message_is_what_the_function_that_takes_it_is_for() {
    let topic = json!({"topic": {"name": "news", "ordering_key": "k"}});
    let queue = json!({"queue": {"name": "news", "group": "k"}});
    let own = json!({"event": PUBLISHED});
    for (functions, want) in [
        (vec![], topic.clone()),
        (vec![on(Kind::Topic, "news"), on(Kind::Queue, "news"), on(Kind::Event, "*")], topic.clone()),
        (vec![on(Kind::Topic, "other"), on(Kind::Queue, "news")], queue.clone()),
        (vec![on(Kind::Queue, "new*"), web()], queue.clone()),
        (vec![on(Kind::Queue, "other")], json!({"queue": {"name": "other", "group": "k"}})),
        (vec![on(Kind::Queue, "other"), web()], topic.clone()),
        (vec![on(Kind::Stream, "news"), on(Kind::Event, "*")], json!({"stream": {"name": "news", "partition_key": "k"}})),
        (vec![on(Kind::Stream, "*")], json!({"stream": {"name": "news", "partition_key": "k"}})),
        (vec![named("news", Kind::Schedule, "0 5 * * *"), on(Kind::Event, "*")], json!({"schedule": {"name": "news"}})),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *")], json!({"schedule": {"name": "news"}})),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *"), on(Kind::Event, "*")], own.clone()),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *"), on(Kind::Queue, "other")], topic.clone()),
        (vec![on(Kind::Queue, "other"), on(Kind::Event, "*")], own.clone()),
        (vec![on(Kind::Event, PUBLISHED)], own.clone()),
    ] {
        check(&functions, &published(), want);
    }
}

#[test]
fn a_push_that_names_no_topic_has_the_name_that_is_declared() {
    let push = r#"{"message":{"data":"aGk=","messageId":"7","publishTime":"2020-01-01T00:00:00Z"},"subscription":"projects/p/subscriptions/s"}"#;
    let unnamed = ("POST /", vec![("content-type", "application/json")], push);
    let named_by_path = ("POST /projects/p/topics/news", vec![], push);
    for (functions, delivery, want) in [
        (vec![], &unnamed, json!({"topic": {}})),
        (vec![on(Kind::Topic, "orders")], &unnamed, json!({"topic": {"name": "orders"}})),
        (vec![on(Kind::Topic, "orders"), on(Kind::Event, "*"), web()], &unnamed, json!({"topic": {"name": "orders"}})),
        (vec![on(Kind::Topic, "*")], &unnamed, json!({"topic": {}})),
        (vec![on(Kind::Topic, "orders"), on(Kind::Topic, "news")], &unnamed, json!({"topic": {}})),
        (vec![on(Kind::Queue, "orders")], &unnamed, json!({"queue": {"name": "orders"}})),
        (vec![on(Kind::Stream, "orders"), web()], &unnamed, json!({"stream": {"name": "orders"}})),
        // Any message would do for a schedule, so one that names nothing is for the only function there is.
        (vec![named("nightly", Kind::Schedule, "0 5 * * *"), web()], &unnamed, json!({"topic": {}})),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *")], &unnamed, json!({"schedule": {}})),
        (vec![on(Kind::Topic, "orders")], &named_by_path, json!({"topic": {"name": "news"}})),
    ] {
        check(&functions, delivery, want);
    }
    // Which of the two it is for, nobody can say.
    let either = decode(&[on(Kind::Topic, "news"), on(Kind::Queue, "orders")], &unnamed).unwrap_err();
    assert!(either.path() == "message" && either.to_string().contains("(topic, queue)"), "{either}");
    let tick = decode(&[named("nightly", Kind::Schedule, "0 5 * * *")], &named_by_path).unwrap();
    assert_eq!((tick.id(), tick.ty()), ("7", "polyfn.schedule.tick"));
    assert_eq!(tick.time().map(|time| time.to_string()).as_deref(), Some("2020-01-01T00:00:00Z"));
    let message = decode(&[on(Kind::Queue, "orders")], &unnamed).unwrap();
    assert_eq!((message.source(), message.ty()), ("//pubsub.googleapis.com/projects/p/subscriptions/s", "polyfn.queue.message"));
}

#[test]
fn an_unwrapped_push_is_bound_like_any_other() {
    let headers = [("x-goog-pubsub-message-id", "7"), ("x-goog-pubsub-ordering-key", "k")];
    let push = ("POST /fn/projects/p/topics/news", headers.to_vec(), "hi");
    check(&[], &push, json!({"topic": {"name": "news", "ordering_key": "k"}}));
    check(&[on(Kind::Queue, "news")], &push, json!({"queue": {"name": "news", "group": "k"}}));
    let event = decode(&[], &push).unwrap();
    assert_eq!((event.id(), event.source()), ("7", "//pubsub.googleapis.com/projects/p/topics/news"));
}

#[test]
fn news_of_an_object_is_a_message_to_functions_that_take_no_objects() {
    let push = r#"{"message":{"attributes":{"eventType":"OBJECT_FINALIZE","bucketId":"photos","objectId":"cat.png"},"messageId":"7"},"subscription":"s"}"#;
    let push = ("POST /projects/p/topics/news", vec![], push);
    let object = json!({"object": {"action": "created", "bucket": "photos", "key": "cat.png"}});
    let topic = json!({"topic": {"name": "news"}});
    for (functions, want) in [
        (vec![], object.clone()),
        (vec![on(Kind::Object, "photos"), on(Kind::Topic, "news")], object.clone()),
        (vec![on(Kind::Topic, "news")], topic.clone()),
        (vec![on(Kind::Topic, "news"), on(Kind::Object, "films")], topic.clone()),
        (vec![on(Kind::Topic, "other"), on(Kind::Object, "films")], object.clone()),
        (vec![on(Kind::Queue, "news"), web()], json!({"queue": {"name": "news"}})),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *"), web()], object.clone()),
    ] {
        check(&functions, &push, want);
    }
    let unknown = push.2.replace("OBJECT_FINALIZE", "OBJECT_MOVED");
    let unknown = ("POST /projects/p/topics/news", vec![], unknown.as_str());
    check(&[on(Kind::Topic, "news")], &unknown, topic);
    assert_eq!(decode(&[on(Kind::Object, "*")], &unknown).unwrap_err().path(), "message.attributes.eventType");
}

#[test]
fn a_body_that_nothing_marks_is_a_message_where_it_can_be_nothing_else() {
    let post = ("POST /", vec![("content-type", "text/plain")], "hi");
    let get = ("GET /", vec![], "");
    for (functions, delivery, want) in [
        (vec![on(Kind::Topic, "news")], &post, json!({"topic": {"name": "news"}})),
        (vec![on(Kind::Queue, "orders"), on(Kind::Object, "*")], &post, json!({"queue": {"name": "orders"}})),
        (vec![on(Kind::Stream, "*")], &post, json!({"stream": {}})),
    ] {
        check(&functions, delivery, want);
    }
    let message = decode(&[on(Kind::Topic, "news")], &post).unwrap();
    assert_eq!((message.id(), message.source(), message.datacontenttype()), ("", "", Some("text/plain")));
    for (functions, delivery) in [
        (vec![], &post),
        (vec![on(Kind::Topic, "news"), web()], &post),
        (vec![on(Kind::Topic, "news"), on(Kind::Queue, "orders")], &post),
        (vec![on(Kind::Event, "*")], &post),
        (vec![named("nightly", Kind::Schedule, "0 5 * * *")], &post),
        (vec![on(Kind::Topic, "news")], &get),
    ] {
        assert!(decode(&functions, delivery).unwrap().http().is_some(), "{functions:?}");
    }
}

#[test]
fn a_background_event_is_mapped_or_not_like_its_cloud_event() {
    let body = r#"{"data":{"name":"cat.png","bucket":"photos","size":9007199254740993},"context":{"eventId":"1",
        "eventType":"google.storage.object.finalize","resource":{"name":"projects/_/buckets/photos/objects/cat.png"}}}"#;
    let delivery = ("POST /", vec![("content-type", "application/json")], body);
    let object =
        json!({"object": {"action": "created", "bucket": "photos", "key": "cat.png", "size": 9_007_199_254_740_993_u64}});
    check(&[], &delivery, object.clone());
    check(&[on(Kind::Event, "*"), on(Kind::Object, "*"), web()], &delivery, object);
    check(&[on(Kind::Event, "*"), on(Kind::Object, "films")], &delivery, json!({"event": FINALIZED}));
    let event = decode(&[on(Kind::Event, "*")], &delivery).unwrap();
    assert_eq!(
        (event.source(), event.subject()),
        ("//storage.googleapis.com/projects/_/buckets/photos", Some("objects/cat.png"))
    );
    assert_eq!(event.data().unwrap(), r#"{"name":"cat.png","bucket":"photos","size":9007199254740993}"#);
}

#[test]
fn a_body_that_only_looks_like_a_background_event_belongs_to_functions_that_take_requests() {
    let delivery = ("POST /", vec![], r#"{"data":{},"eventType":"order.paid"}"#);
    assert!(decode(&[on(Kind::Event, "*"), web()], &delivery).unwrap().http().is_some());
    for functions in [vec![], vec![on(Kind::Event, "*")]] {
        let error = decode(&functions, &delivery).unwrap_err();
        assert_eq!(error.to_string(), r#"eventType: no known type of a background event: "order.paid""#);
    }
}

/// A push of this text.
fn push(text: &str) -> String {
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    format!(r#"{{"message":{{"data":"{data}","messageId":"7"}},"subscription":"s"}}"#)
}

/// A background event of this text, about a topic.
fn background(text: &str) -> String {
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    format!(
        r#"{{"data":{{"data":"{data}"}},"context":{{"eventId":"7","eventType":"google.pubsub.topic.publish",
            "resource":"projects/p/topics/news","timestamp":"2020-01-01T00:00:00Z"}}}}"#
    )
}

#[tokio::test]
async fn what_is_bound_is_acknowledged_like_anything_else() {
    let json = [("content-type", "application/json")];
    for (told, want, google) in
        [("ok", 204, None), ("drop", 204, None), ("fail", 500, Some("error")), ("panic", 500, Some("crash")), ("fine", 500, None)]
    {
        let user = format!(
            r#"{{"data":{{"uid":"{told}"}},"eventId":"7","eventType":"providers/firebase.auth/eventTypes/user.create","resource":"projects/p"}}"#
        );
        for (function, request) in [
            (on(Kind::Topic, "news"), request("POST /", &json, &background(told))),
            (on(Kind::Queue, "news"), request("POST /", &json, &background(told))),
            (on(Kind::Event, "google.firebase.auth.*"), request("POST /", &json, &user)),
            (on(Kind::Queue, "orders"), request("POST /", &json, &push(told))),
            (on(Kind::Stream, "orders"), request("POST /", &json, &push(told))),
            (on(Kind::Schedule, "0 5 * * *"), request("POST /", &json, &push(told))),
            (on(Kind::Topic, "news"), request("POST /", &[], told)),
        ] {
            let kind = function.description().binding.kind();
            let (status, answer) = ask(Provider::Gcp, vec![function], &request).await;
            assert_eq!(status, want, "{kind} {told}: {answer}");
            match google {
                Some(google) => assert!(answer.contains(&format!("x-google-status: {google}\r\n")), "{kind} {told}: {answer}"),
                None => assert!(!answer.contains("x-google-status: crash"), "{kind} {told}: {answer}"),
            }
            assert!(!answer.contains("secret"), "{answer}");
            assert!(want != 204 || answer.ends_with("\r\n\r\n"), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_malformed_background_event_is_refused_in_words() {
    for (body, word) in [
        (r#"{"data":{},"eventId":"1","eventType":"order.paid","resource":"r"}"#, "order.paid"),
        (r#"{"data":{},"eventType":"providers/firebase.auth/eventTypes/user.create","resource":"projects/p"}"#, "eventid"),
        (
            r#"{"data":{},"eventId":"1","eventType":"providers/google.firebase.database/eventTypes/ref.write","resource":"projects/_/instances/i/refs/a"}"#,
            "domain",
        ),
    ] {
        let request = request("POST /", &[("content-type", "application/json")], body);
        let (status, answer) = ask(Provider::Gcp, vec![on(Kind::Event, "*")], &request).await;
        assert!(status == 400 && answer.contains(word), "{answer}");
    }
}
