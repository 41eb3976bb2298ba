//! `polyfn::testing`: one event through every provider's native bytes, and what the test hears of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use http::{Request, StatusCode};
use polyfn::{
    Change, CloudEvent, Context, Error, Json, Message, Object, Path, Provider, Record, State, Tick, function, functions,
    testing::{App, Ended, sample},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    sku: String,
    count: u32,
}

fn order(count: u32) -> Order {
    Order { sku: "a-1".into(), count }
}

#[function(http = "GET /hello/{name}")]
async fn hello(Path(name): Path<String>, State(greeting): State<String>) -> String {
    format!("{greeting}, {name}!")
}

#[function(http = "POST /orders")]
async fn place(Json(order): Json<Order>) -> Result<(StatusCode, Json<Order>), Error> {
    if order.count == 0 { Err(Error::status(422, "none ordered")) } else { Ok((StatusCode::CREATED, Json(order))) }
}

#[function]
fn add((a, b): (i64, i64)) -> i64 {
    a + b
}

#[function(queue = "orders")]
async fn fulfil(order: Message<Json<Order>>) -> Result<(), Error> {
    match order.body.0.count {
        0 => Err(Error::msg("none ordered")),
        13 => Err(Error::drop("unlucky")),
        _ => Ok(()),
    }
}

#[function(topic = "news")]
async fn read(news: Message<Json<Order>>) -> Result<(), Error> {
    if news.body.0.count == 0 { Err(Error::msg("no news")) } else { Ok(()) }
}

#[function(object = "uploads", on = "created")]
async fn thumbnail(object: Object) -> Result<(), Error> {
    if object.key == "a b/é+.png" { Ok(()) } else { Err(Error::msg(object.key)) }
}

#[function(schedule = "0 5 * * *")]
async fn nightly(tick: Tick) -> Result<(), Error> {
    tick.scheduled_for.map(|_| ()).ok_or_else(|| Error::msg("not due"))
}

#[function(change = "users")]
async fn mirror(change: Change<Order>) -> Result<(), Error> {
    change.after.filter(|after| after.count == 7).map(|_| ()).ok_or_else(|| Error::msg("another"))
}

#[function(stream = "clicks")]
async fn click(record: Record<Json<Order>>) -> Result<(), Error> {
    if record.data.0.count == 0 { Err(Error::msg("no click")) } else { Ok(()) }
}

#[function(event = "order.*")]
async fn ordered(event: CloudEvent<Json<Order>>) -> Result<(), Error> {
    if event.data.0.count == 0 { Err(Error::msg("empty")) } else { Ok(()) }
}

fn app() -> App {
    App::new(functions![hello, place, add, fulfil, read, thumbnail, nightly, mirror, click, ordered]).state("Hello".to_owned())
}

#[tokio::test]
async fn a_request_is_answered_alike_everywhere() {
    let app = app().everywhere();
    let response = app.http(Request::get("/hello/Ada%20L").body("").unwrap()).await;
    assert_eq!((response.status(), response.body().as_ref()), (StatusCode::OK, &b"Hello, Ada L!"[..]));
    let json = |count| serde_json::to_string(&order(count)).unwrap();
    let post = |body| Request::post("/orders").header("content-type", "application/json").body(body).unwrap();
    assert_eq!(app.http(post(json(1))).await.status(), StatusCode::CREATED);
    assert_eq!(app.http(post(json(0))).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.http(post("{".to_owned())).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(app.http(Request::get("/nowhere").body("").unwrap()).await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn every_trigger_ends_alike_everywhere() {
    let app = app();
    let everywhere = app.everywhere();
    for (count, acknowledged) in [(1, true), (0, false), (13, true)] {
        assert_eq!(everywhere.queue("orders", &order(count)).wait().is_acknowledged(), acknowledged);
    }
    assert!(everywhere.send(sample::Message::topic("news").json(&order(1))).wait().is_done());
    assert!(!everywhere.send(sample::Message::topic("news").json(&order(0))).wait().is_acknowledged());
    assert!(everywhere.send(sample::Object::created("uploads", "a b/é+.png")).wait().is_done());
    assert!(everywhere.send(sample::Tick::of("nightly").at("2026-01-01T05:00:00Z")).wait().is_done());
    assert!(everywhere.send(sample::Change::created("users", &order(7))).wait().is_done());
    assert!(everywhere.send(sample::Record::new("clicks").json(&order(1))).wait().is_done());
    assert!(everywhere.send(sample::Event::new("order.created").source("/shop").json(&order(1))).wait().is_done());
    assert!(!everywhere.send(sample::Event::new("order.created").source("/shop").json(&order(0))).wait().is_acknowledged());
}

#[test]
fn a_call_is_answered_on_every_provider() {
    for provider in [Provider::Local, Provider::Aws, Provider::Gcp, Provider::Azure, Provider::Container] {
        let response = app().on(provider).only("add").call(&(1, 2)).wait();
        assert_eq!((response.status(), response.body().as_ref()), (StatusCode::OK, &b"3"[..]), "{provider}");
    }
    let response = app().only("add").everywhere().call(&(1, 2)).wait();
    assert_eq!((response.status(), response.body().as_ref()), (StatusCode::OK, &b"3"[..]));
}

#[test]
#[should_panic(expected = "local and aws/direct disagree")]
fn a_call_that_is_answered_differently_fails_the_test() {
    #[function]
    async fn here(_: (), cx: Context) -> String {
        cx.provider().to_string()
    }
    App::new(functions![here]).everywhere().call(&()).wait();
}

#[tokio::test]
async fn what_came_of_an_event_is_told() {
    let delivered = app().on(Provider::Aws).queue("orders", &order(13)).await;
    let [call] = &delivered.calls[..] else { panic!("{delivered:?}") };
    assert_eq!((call.function, call.ended.as_str()), ("fulfil", "drop"));
    assert!(matches!(&call.ended, Ended::Drop(failure) if failure.message().contains("unlucky")));
    assert!(delivered.delivery.body().starts_with(b"{\"Records\""), "{delivered:?}");
    assert_eq!(delivered.reply.body(), r#"{"batchItemFailures":[]}"#);
}

#[test]
fn the_headers_of_a_caller_arrive_everywhere() {
    let request = Request::get("/hello/Ada").header("x-tag", "b").header("x-tag", "a, c").header("cookie", "a=1; b=2");
    app().everywhere().http(request.header("cookie", "c=3").body("").unwrap()).wait();
}

#[test]
#[should_panic(expected = "aws/http-api-2 disagree")]
fn a_difference_fails_the_test() {
    #[function(http = "GET /where")]
    async fn here(cx: Context) -> String {
        cx.provider().to_string()
    }
    let app = App::new(functions![here]);
    app.everywhere().http(Request::get("/where").body("").unwrap()).wait();
}

#[test]
#[should_panic(expected = "no function is called `nobody`")]
fn a_name_that_is_no_functions_is_told() {
    app().only("nobody").call(&1).wait();
}
