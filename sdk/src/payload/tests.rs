//! What each trigger's function takes, from an event to its outcome.

use std::sync::Arc;

use polyfn_shim::{
    Invocation, Outcome, Provider, Trigger,
    event::{self, Action, Time},
    function::{Order as Ordering, Table},
};
use serde::Deserialize;

use crate::{
    Batch, Bytes, Change, CloudEvent, Context, Error, Event, FromContext, Functions, Json, Message, Object, Record, Rejection,
    Tick, function, functions, program::Program,
};

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Order {
    sku: String,
    count: u8,
}

#[function(queue = "orders")]
async fn fulfil(order: Message<Json<Order>>, cx: Context) -> Result<(), Error> {
    assert_eq!((order.body.0.sku.as_str(), order.attempt, cx.attempt()), ("a", 2, 2));
    assert_eq!((order.group.as_deref(), order.sequence.as_deref(), order.attribute("tenant")), (Some("g"), Some("9"), Some("t")));
    Ok(())
}

#[function(topic = "news")]
fn news(text: Message<String>) {
    assert_eq!((text.body.as_str(), text.subject.as_deref(), text.from.as_deref()), ("hello", Some("s"), Some("news")));
}

#[function(object = "uploads", on = "created", prefix = "in/")]
async fn thumbnail(object: Object) -> Result<(), Error> {
    assert_eq!((object.bucket.as_str(), object.key.as_str(), object.size), ("uploads", "in/a b.png", Some(5_497_558_138_880)));
    assert_eq!(object.content.as_deref(), Some(&b"\x89PNG"[..]));
    Ok(())
}

#[function(schedule = "0 5 * * *")]
async fn nightly(tick: Tick) {
    assert_eq!(tick.scheduled_for, Time::parse("2024-05-01T05:00:00Z"));
}

#[function(change = "orders")]
async fn changed(change: Change<Order>) -> Result<(), Error> {
    assert_eq!((change.action, change.key.as_deref(), change.before), (Action::Created, Some("7"), None));
    assert_eq!(change.after.map(|after| after.count), Some(3));
    Ok(())
}

#[function(stream = "clicks")]
async fn clicks(record: Record<Bytes>) {
    assert_eq!((record.data.as_ref(), record.partition_key.as_deref()), (&b"\x00\xff"[..], Some("k")));
}

#[function(event = "shop.*", source = "/shop")]
async fn paid(event: CloudEvent<Json<Order>>) {
    assert_eq!((event.ty.as_str(), event.data.0.count), ("shop.paid", 1));
}

#[function(queue = "bodies")]
async fn body(Json(order): Json<Order>) -> Result<(), Error> {
    if order.count == 0 { Err(Error::drop("nothing ordered")) } else { Ok(()) }
}

fn event(trigger: Trigger) -> Event {
    Event::new(Provider::Aws, trigger)
}

fn queue(name: &str) -> Trigger {
    Trigger::Queue(event::Queue { name: Some(name.into()), group: Some("g".into()), sequence: Some("9".into()) })
}

/// The outcome of one event, in words.
async fn outcome(functions: Functions, event: Event) -> String {
    let mut table = Table::new(functions.listed(Program::new(), None), None, true).unwrap();
    table.start().await.unwrap();
    let outcomes = Arc::new(table).invoke_all(vec![event], Invocation::new(Provider::Aws, "1"), Ordering::None).await;
    match outcomes.as_slice() {
        [Outcome::Done(_)] => "done".to_owned(),
        [Outcome::Drop(failure)] => format!("drop {failure}"),
        [Outcome::Retry(failure)] => failure.to_string(),
        more => format!("{} outcomes", more.len()),
    }
}

fn all() -> Functions {
    functions![fulfil, news, thumbnail, nightly, changed, clicks, paid, body]
}

#[tokio::test]
async fn each_payload_has_what_the_event_has() {
    let order = event(queue("orders")).with_attempt(2).with_attribute("tenant", "t").with_data(r#"{"sku":"a","count":1}"#, None);
    let topic = event::Topic { name: Some("news".into()), subject: Some("s".into()), ordering_key: None };
    let object = event::Object {
        action: Action::Created,
        bucket: "uploads".into(),
        key: "in/a b.png".into(),
        size: Some(5_497_558_138_880),
        ..event::Object::default()
    };
    let schedule = event::Schedule { name: Some("nightly".into()), scheduled_for: Time::parse("2024-05-01T05:00:00Z") };
    let change = event::Change {
        action: Action::Created,
        collection: Some("orders".into()),
        key: Some("\"7\"".into()),
        before: None,
        after: Some(r#"{"sku":"a","count":3}"#.into()),
    };
    let stream = event::Stream { name: Some("clicks".into()), partition_key: Some("k".into()), ..event::Stream::default() };
    for event in [
        order,
        event(Trigger::Topic(topic)).with_data("hello", None),
        event(Trigger::Object(Box::new(object))).with_data(Bytes::from_static(b"\x89PNG"), Some("image/png")),
        event(Trigger::Schedule(schedule)),
        event(Trigger::Change(Box::new(change))),
        event(Trigger::Stream(stream)).with_data(Bytes::from_static(b"\x00\xff"), None),
        event(Trigger::Event)
            .with_type("shop.paid")
            .with_source("/shop")
            .with_data(r#"{"sku":"a","count":1}"#, Some("application/json")),
    ] {
        let kind = event.trigger().kind();
        assert_eq!(outcome(all(), event).await, "done", "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_functions_type_is_a_failed_event_that_names_the_field() {
    let bad = event(queue("bodies")).with_data(r#"{"sku":"a","count":"hunter2"}"#, None);
    assert_eq!(outcome(all(), bad).await, "Function.BadInput: count: expected u8");
    let none = event(queue("bodies"));
    assert_eq!(outcome(all(), none).await, "Function.BadInput: no data, where JSON is expected");
    let change = event::Change { collection: Some("orders".into()), after: Some("{}".into()), ..event::Change::default() };
    let change = event(Trigger::Change(Box::new(change)));
    assert_eq!(outcome(all(), change).await, "Function.BadInput: after: missing field `sku`");
}

#[tokio::test]
async fn a_function_can_give_an_event_up() {
    let empty = event(queue("bodies")).with_data(r#"{"sku":"a","count":0}"#, None);
    assert_eq!(outcome(all(), empty).await, "drop Function.Error: nothing ordered");
}

#[function(queue = "strict", on_malformed = "drop")]
async fn strict(_order: Json<Order>, _tenant: Tenant) {}

#[function(event = "strict", on_malformed = "drop")]
fn strict_event(_event: CloudEvent<Json<Order>>) {}

#[function(change = "strict", on_malformed = "drop")]
async fn strict_change(_change: Change<Order>) {}

#[function(queue = "loose", on_malformed = "retry")]
async fn loose(_order: Json<Order>) {}

/// An attribute that the message must have.
struct Tenant;

impl FromContext for Tenant {
    fn from_context(event: &Event, _: &Context) -> Result<Self, Rejection> {
        event.attribute("tenant").map(|_| Self).ok_or_else(|| Rejection::missing("no tenant"))
    }
}

#[tokio::test]
async fn a_function_can_give_up_what_does_not_fit_it() {
    let all = || functions![strict, strict_event, strict_change, loose];
    let (good, bad) = (r#"{"sku":"a","count":1}"#, r#"{"sku":"a"}"#);
    let change = event::Change { collection: Some("strict".into()), after: Some(bad.into()), ..event::Change::default() };
    let custom = |data: &'static str| event(Trigger::Event).with_type("strict").with_data(data, None);
    for (event, want) in [
        (event(queue("strict")).with_attribute("tenant", "t").with_data(good, None), "done"),
        (event(queue("strict")).with_data(bad, None), "drop Function.BadInput: missing field `count`"),
        (event(queue("strict")), "drop Function.BadInput: no data, where JSON is expected"),
        // The payload fits; what is beside it is not part of it.
        (event(queue("strict")).with_data(good, None), "Function.BadInput: no tenant"),
        (custom(bad), "drop Function.BadInput: missing field `count`"),
        (custom(good), "done"),
        (event(Trigger::Change(Box::new(change))), "drop Function.BadInput: after: missing field `count`"),
        (event(queue("loose")).with_data(bad, None), "Function.BadInput: missing field `count`"),
    ] {
        assert_eq!(outcome(all(), event).await, want);
    }
}

#[function(queue = "batches")]
async fn each(orders: Batch<Json<Order>>, cx: Context) -> Vec<Result<(), Error>> {
    assert_eq!(cx.function(), "each");
    orders.iter().map(|Json(order)| if order.count == 0 { Err(Error::msg("none")) } else { Ok(()) }).collect()
}

#[function(queue = "wholes")]
fn whole(orders: Batch<Message<String>>) -> Result<(), Error> {
    match orders.iter().find(|order| order.body != "ok") {
        Some(order) if order.body == "panic" => panic!("as told"),
        Some(order) => Err(Error::drop(order.body.as_str())),
        None => Ok(()),
    }
}

#[function(queue = "miscounts")]
async fn miscount(_: Batch<String>) -> Vec<Result<(), Error>> {
    vec![Ok(())]
}

/// The outcomes of the messages of one delivery, in words.
async fn batch(name: &str, messages: &[&'static str]) -> Vec<String> {
    let mut table =
        Table::new(functions![each, whole, miscount, chosen, chosen_plainly].listed(Program::new(), None), None, true).unwrap();
    table.start().await.unwrap();
    let events = messages.iter().map(|message| event(queue(name)).with_data(*message, None)).collect();
    let outcomes = Arc::new(table).invoke_all(events, Invocation::new(Provider::Aws, "1"), Ordering::None).await;
    let word = |outcome: &Outcome| match outcome {
        Outcome::Done(_) => "done".to_owned(),
        Outcome::Retry(failure) => failure.message().to_owned(),
        Outcome::Drop(failure) => format!("drop {}", failure.message()),
    };
    outcomes.iter().map(word).collect()
}

#[tokio::test]
async fn a_batch_has_a_result_for_each_and_a_bad_item_is_not_in_it() {
    let (one, none) = (r#"{"sku":"a","count":1}"#, r#"{"sku":"a","count":0}"#);
    let want = ["done", "none", "count: expected u8", "done"];
    assert_eq!(batch("batches", &[one, none, r#"{"sku":"a","count":"x"}"#, one]).await, want);
    assert_eq!(batch("batches", &["{", "["]).await.len(), 2);
    assert!(batch("batches", &["{"]).await[0].contains("EOF"));
}

#[function(queue = "chosen", on_malformed = "drop")]
async fn chosen(orders: Batch<Json<Order>>) -> Vec<Result<(), Error>> {
    orders.iter().map(|Json(order)| if order.count == 0 { Err(Error::msg("none")) } else { Ok(()) }).collect()
}

#[function(queue = "chosen-plainly", on_malformed = "drop")]
fn chosen_plainly(orders: Batch<Json<Order>>) -> Result<(), Error> {
    assert!(!orders.is_empty(), "a batch with nothing in it is not worth a call");
    Err(Error::msg("all of it"))
}

#[tokio::test]
async fn what_does_not_fit_is_given_up_within_a_batch_too() {
    let (one, none) = (r#"{"sku":"a","count":1}"#, r#"{"sku":"a","count":0}"#);
    assert_eq!(batch("chosen", &[one, "{}", none, one]).await, ["done", "drop missing field `sku`", "none", "done"]);
    assert_eq!(batch("chosen-plainly", &[one, "{}", one]).await, ["all of it", "drop missing field `sku`", "all of it"]);
    assert_eq!(batch("chosen-plainly", &["{}", "{}"]).await, ["drop missing field `sku`"; 2]);
    // One that comes alone is a batch of one.
    assert_eq!(batch("chosen", &["{}"]).await, ["drop missing field `sku`"]);
}

#[tokio::test]
async fn a_batch_can_share_one_fate() {
    assert_eq!(batch("wholes", &["ok", "ok"]).await, ["done", "done"]);
    assert_eq!(batch("wholes", &["ok", "bad"]).await, ["drop bad", "drop bad"]);
    assert_eq!(batch("wholes", &["ok", "panic"]).await, ["the function panicked: as told"; 2]);
}

#[tokio::test]
async fn a_batch_with_too_few_results_is_delivered_again() {
    assert_eq!(batch("miscounts", &["a", "b"]).await, ["the function returned 1 results for 2 events"; 2]);
}

#[cfg(feature = "gcp")]
mod legacy {
    use crate::gcp::LegacyEvent;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct User {
        uid: String,
    }

    #[function(event = "google.firebase.auth.*")]
    async fn greet(event: LegacyEvent<User>) -> Result<(), Error> {
        assert_eq!((event.data.uid.as_str(), event.context.event_id.as_str()), ("u", "7"));
        assert_eq!(event.context.event_type, "providers/firebase.auth/eventTypes/user.create");
        assert_eq!(event.context.resource.name(), "projects/p");
        Ok(())
    }

    fn user(data: &'static str) -> Event {
        event(Trigger::Event)
            .with_id("7")
            .with_type("google.firebase.auth.user.v1.created")
            .with_source("//firebaseauth.googleapis.com/projects/p")
            .with_data(data, Some("application/json"))
    }

    #[tokio::test]
    async fn a_background_event_is_what_its_function_takes_or_a_failed_event() {
        let greeted = |event| outcome(functions![greet], event);
        assert_eq!(greeted(user(r#"{"uid":"u"}"#)).await, "done");
        assert_eq!(greeted(user(r#"{"uid":5}"#)).await, "Function.BadInput: data.uid: expected a string");
        let other = user("{}").with_type("google.firebase.auth.user.v9.created");
        assert_eq!(greeted(other).await, "Function.BadInput: type: no type of a CloudEvent that has a legacy form");
        let raw = r#"{"data":{"uid":"u"},"eventId":"7","eventType":"providers/firebase.auth/eventTypes/user.create","resource":"projects/p"}"#;
        assert_eq!(greeted(user(r#"{"uid":"as mapped"}"#).with_raw(raw)).await, "done");
    }
}
