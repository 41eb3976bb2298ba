//! What an HTTP function takes and answers with, through the whole of the facade.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context as Task, Poll},
};

use futures_core::Stream;
use http::{Request, Response};
use polyfn::{
    Body, Bytes, Context, Cookies, Error, Event, Form, FunctionService, HeaderMap, Headers, Html, Json, Method, Path, Query,
    Rejection, Sse, State, StatusCode, Uri, function, functions, sse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_service::Service;

#[derive(Deserialize)]
struct Page {
    book: String,
    page: u32,
}

#[derive(Deserialize, Serialize)]
struct Order {
    sku: String,
    count: u32,
}

#[derive(Deserialize)]
struct Search {
    q: String,
    #[serde(default)]
    tag: Vec<String>,
}

#[function(http = "GET /one/{n}")]
fn one(Path(n): Path<u8>) -> String {
    n.to_string()
}

#[function(http = "GET /two/{a}/{b}")]
async fn two(Path((a, b)): Path<(String, i64)>) -> String {
    format!("{a} {b}")
}

#[function(http = "GET /books/{book}/{page}")]
async fn books(Path(Page { book, page }): Path<Page>) -> String {
    format!("{book} {page}")
}

#[function(http = "GET /rest/{*rest}")]
async fn rest(Path(rest): Path<String>) -> String {
    rest
}

#[function(http = "GET /search")]
async fn search(Query(search): Query<Search>) -> String {
    format!("{} {:?}", search.q, search.tag)
}

#[function(http = "POST|PUT /orders")]
async fn orders(method: Method, Json(order): Json<Order>) -> (StatusCode, Json<Order>) {
    (if method == Method::PUT { StatusCode::OK } else { StatusCode::CREATED }, Json(order))
}

#[function(http = "POST /sign-up")]
async fn sign_up(Form(order): Form<Order>) -> String {
    order.sku
}

#[function(http = "GET /head")]
async fn head(Headers(headers): Headers, map: HeaderMap, uri: Uri, cookies: Cookies) -> Json<Value> {
    assert_eq!(headers, map);
    let tags: Vec<_> = headers.get_all("x-tag").iter().map(|tag| tag.to_str().unwrap().to_owned()).collect();
    Json(json!({"tags": tags, "uri": uri.to_string(), "a": cookies.get("a"), "cookies": cookies.0.len()}))
}

#[function(http = "POST /bytes")]
async fn bytes(body: Bytes) -> Bytes {
    body
}

#[function(http = "POST /text")]
async fn text(body: String) -> Html<String> {
    Html(body)
}

#[function(http = "POST /maybe")]
async fn maybe(query: Option<Query<Search>>, body: Option<Json<Order>>) -> String {
    format!("{} {}", query.is_some(), body.is_some())
}

#[function(http = "POST /judged")]
async fn judged(order: Result<Json<Order>, Rejection>) -> String {
    order.map_or_else(|rejection| format!("{} {rejection}", rejection.status()), |Json(order)| order.sku)
}

#[function(http = "POST /whole")]
async fn whole(request: Request<Body>) -> Result<Response<Body>, Error> {
    let cx = request.extensions().get::<Context>().map(|cx| cx.function());
    let size = request.body().bytes().map(Bytes::len);
    Ok(Response::builder().status(299).header("x-cx", cx.unwrap_or("none")).body(format!("{} {size:?}", request.uri()).into())?)
}

#[function(http = "GET /facts")]
async fn facts(event: Event, state: State<String>, cx: Context) -> Json<Value> {
    assert_eq!(event.id(), cx.id());
    Json(json!({"type": event.ty(), "state": *state, "function": cx.function(), "attempt": cx.attempt(), "trace": cx.trace()}))
}

#[function(http = "DELETE /nothing")]
async fn nothing() {}

#[function(http = "GET /found/{n}")]
async fn found(Path(n): Path<u8>) -> Option<&'static str> {
    (n > 0).then_some("yes")
}

#[function(http = "GET /cookies")]
async fn set_cookies() -> (StatusCode, [(&'static str, &'static str); 3], &'static str) {
    (StatusCode::ACCEPTED, [("set-cookie", "a=1"), ("set-cookie", "b=2"), ("content-type", "text/csv")], "x,y")
}

#[function(http = "GET /fails/{how}")]
async fn fails(Path(how): Path<String>) -> Result<(), Error> {
    match how.as_str() {
        "status" => Err(Error::status(409, "already there")),
        "number" => {
            "hunter2".parse::<u8>()?;
            Ok(())
        }
        "rejection" => Err(Rejection::new("too long").at("name").into()),
        _ => panic!("hunter2"),
    }
}

/// The items of a list, one at a time.
struct Items<T>(VecDeque<T>);

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

#[function(http = "GET /stream")]
async fn stream() -> Body {
    Body::from_stream(Items(VecDeque::from(["a", "b"].map(Bytes::from))))
}

#[function(http = "GET /ticks")]
async fn ticks() -> Sse<Items<sse::Event>> {
    Sse(Items(VecDeque::from([sse::Event::data("1").named("tick"), sse::Event::data("2")])))
}

async fn service() -> FunctionService {
    let functions = functions![
        one,
        two,
        books,
        rest,
        search,
        orders,
        sign_up,
        head,
        bytes,
        text,
        maybe,
        judged,
        whole,
        facts,
        nothing,
        found,
        set_cookies,
        fails,
        stream,
        ticks,
    ];
    functions.with_state("state".to_owned()).into_service().await.unwrap()
}

/// The status, the media type, and the body as text.
async fn call(method: &str, path: &str, headers: &[(&str, &str)], body: &'static [u8]) -> (u16, String, String) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = service().await.call(request.body(Body::from(body)).unwrap()).await.unwrap();
    let media_type = response.headers().get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap();
    (status, media_type, String::from_utf8(body.to_vec()).unwrap())
}

async fn get(path: &str) -> (u16, String) {
    let (status, _, body) = call("GET", path, &[], b"").await;
    (status, body)
}

async fn post(path: &str, media_type: &str, body: &'static [u8]) -> (u16, String) {
    let (status, _, body) = call("POST", path, &[("content-type", media_type)], body).await;
    (status, body)
}

fn ok(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

#[tokio::test]
async fn path_parameters_are_decoded_into_what_the_function_takes() {
    assert_eq!(get("/one/7").await, ok("7"));
    assert_eq!(get("/two/a%2Fb%20%C3%A9/-3").await, ok("a/b é -3"));
    assert_eq!(get("/books/Emma/12").await, ok("Emma 12"));
    assert_eq!(get("/rest/a/b%2Fc/").await, ok("a/b/c/"));
    let (status, media_type, body) = call("GET", "/one/hunter2", &[], b"").await;
    assert_eq!((status, media_type.as_str()), (400, "application/problem+json"));
    let problem = json!({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "n: expected u8"});
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), problem);
    assert!(get("/books/Emma/hunter2").await.1.contains(r#""detail":"page: expected u32""#));
}

#[tokio::test]
async fn query_json_and_form_name_the_bad_field_and_never_repeat_it() {
    assert_eq!(get("/search?tag=x&q=a%20b&tag=y+z").await, ok(r#"a b ["x", "y z"]"#));
    assert!(get("/search?tag=x").await.1.contains("missing field `q`"));
    assert_eq!(post("/orders", "application/json; charset=utf-8", br#"{"sku":"a","count":2}"#).await.0, 201);
    let (status, body) = post("/orders", "application/json", br#"{"sku":"a","count":"hunter2"}"#).await;
    assert!(status == 400 && body.contains(r#""detail":"count: expected u32""#) && !body.contains("hunter2"), "{body}");
    assert_eq!(post("/orders", "text/plain", br#"{"sku":"a","count":2}"#).await.0, 415);
    assert_eq!(post("/orders", "application/json", b"").await.0, 400);
    assert_eq!(post("/orders", "application/json", b"{").await.0, 400);
    assert_eq!(post("/sign-up", "application/x-www-form-urlencoded", b"sku=a+b%26&count=1").await, ok("a b&"));
    let (status, body) = post("/sign-up", "application/x-www-form-urlencoded", b"sku=a&count=hunter2").await;
    assert!(status == 400 && body.contains("count: ") && !body.contains("hunter2"), "{body}");
    assert_eq!(post("/sign-up", "application/json", b"{}").await.0, 415);
}

#[tokio::test]
async fn the_head_of_a_request_keeps_every_value() {
    let headers = [("x-tag", "1"), ("x-tag", "2"), ("cookie", "a=1; b=2"), ("cookie", "c=3")];
    let (status, _, body) = call("GET", "/head?x=%20+&x=2", &headers, b"").await;
    let want = json!({"tags": ["1", "2"], "uri": "/head?x=%20+&x=2", "a": "1", "cookies": 3});
    assert_eq!((status, serde_json::from_str::<Value>(&body).unwrap()), (200, want));
}

#[tokio::test]
async fn bodies_come_and_go_untouched() {
    assert_eq!(post("/bytes", "x/y", b"\x00a").await, ok("\0a"));
    let (status, media_type, body) = call("POST", "/text", &[], "é".as_bytes()).await;
    assert_eq!((status, media_type.as_str(), body.as_str()), (200, "text/html; charset=utf-8", "é"));
    assert_eq!(post("/text", "text/plain", b"\xff").await.0, 400);
    let (status, _, body) = call("POST", "/whole?x=1", &[], b"abc").await;
    assert_eq!((status, body.as_str()), (299, "/whole?x=1 Some(3)"));
}

#[tokio::test]
async fn what_is_optional_may_be_missing_but_not_wrong() {
    assert_eq!(post("/maybe", "application/json", b"").await, ok("false false"));
    assert_eq!(post("/maybe?q=1", "application/json", br#"{"sku":"a","count":2}"#).await, ok("true true"));
    assert_eq!(post("/maybe?x=1", "application/json", b"").await.0, 400);
    assert_eq!(post("/maybe", "application/json", b"[]").await.0, 400);
    assert_eq!(post("/judged", "application/json", br#"{"sku":"a","count":2}"#).await, ok("a"));
    assert_eq!(post("/judged", "application/json", br#"{"sku":1}"#).await, ok("400 Bad Request sku: expected a string"));
}

#[tokio::test]
async fn context_state_and_event_say_what_is_known() {
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let (status, _, body) = call("GET", "/facts", &[("traceparent", trace)], b"").await;
    let want = json!({"type": "polyfn.http.request", "state": "state", "function": "facts", "attempt": 1, "trace": trace});
    assert_eq!((status, serde_json::from_str::<Value>(&body).unwrap()), (200, want));
}

#[tokio::test]
async fn each_reply_has_its_status_and_headers() {
    assert_eq!(call("DELETE", "/nothing", &[], b"").await, (204, String::new(), String::new()));
    assert_eq!(get("/found/1").await, ok("yes"));
    assert_eq!(get("/found/0").await.0, 404);
    let request = Request::get("/cookies").body(Body::default()).unwrap();
    let response = service().await.call(request).await.unwrap();
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(response.status().as_u16(), 202);
    assert_eq!(response.headers()["content-type"], "text/csv");
}

#[tokio::test]
async fn a_failure_answers_without_its_secrets() {
    let (status, body) = get("/fails/status").await;
    assert!(status == 409 && body.contains(r#""detail":"already there""#), "{body}");
    let (status, body) = get("/fails/rejection").await;
    assert!(status == 400 && body.contains("name: too long"), "{body}");
    for how in ["number", "panic"] {
        let (status, body) = get(&format!("/fails/{how}")).await;
        assert!(status == 500 && !body.contains("hunter2") && !body.contains("digit"), "{body}");
    }
}

#[tokio::test]
async fn streams_come_piece_by_piece() {
    assert_eq!(get("/stream").await, ok("ab"));
    let (status, media_type, body) = call("GET", "/ticks", &[], b"").await;
    assert_eq!((status, media_type.as_str(), body.as_str()), (200, "text/event-stream", "event: tick\ndata: 1\n\ndata: 2\n\n"));
}

#[function(http = "GET /pair/{a}")]
async fn pair(Path((a, b)): Path<(u8, u8)>) -> String {
    format!("{a} {b}")
}

#[function(http = "GET /place/{book}")]
async fn place(Path(Page { book, page }): Path<Page>) -> String {
    format!("{book} {page}")
}

#[tokio::test]
async fn a_route_that_can_never_fit_its_function_is_told_at_the_start() {
    for (functions, part) in [
        (functions![pair], "`pair` can never be called: the function takes 2 parameters, the route has 1"),
        (functions![place], "`place` can never be called: missing field `page`"),
    ] {
        let error = functions.into_service().await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_utf8_in_a_path_stays_as_it_came() {
    assert_eq!(get("/rest/%FF").await, ok("%FF"));
}
