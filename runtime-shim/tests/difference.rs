//! What is different between two replies or two events, as a person reads it.
#![cfg(feature = "local")]
#![allow(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Headers, Http, Queue, Time},
    local::{
        difference::{Difference, Ignore},
        recording::Reply,
    },
};

fn headers(pairs: &[(&'static str, &'static str)]) -> Headers {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn body(body: impl Into<Bytes>) -> Reply {
    Reply { body: body.into(), ..Reply::default() }
}

fn of(expected: &Reply, came: &Reply) -> String {
    Difference::of_replies(expected, came, Ignore::Nothing).to_string()
}

#[test]
fn bodies_are_compared_as_what_they_are() {
    for (expected, came, want) in [
        (r#"{"a":1,"b":[1,2]}"#, r#"{ "b": [1, 2], "a": 1 }"#, ""),
        (r#"{"a":1}"#, r#"{"a":1.0}"#, "body.a:\n  - 1\n  + 1.0\n"),
        // A float would take these for one.
        (
            r#"{"a":12345678901234567890123}"#,
            r#"{"a":12345678901234567890124}"#,
            "body.a:\n  - 12345678901234567890123\n  + 12345678901234567890124\n",
        ),
        (r#"{"a":"\u00e9"}"#, r#"{"a":"é"}"#, ""),
        (
            r#"{"a":{"b":[{"c":1}]}}"#,
            r#"{"a":{"b":[{"c":"1"},null]}}"#,
            "body.a.b[0].c:\n  - 1\n  + \"1\"\nbody.a.b[1]:\n  - (nothing)\n  + null\n",
        ),
        (r#"{"a":1}"#, r#"{"b":1}"#, "body.a:\n  - 1\n  + (nothing)\nbody.b:\n  - (nothing)\n  + 1\n"),
        (r#"{"token":"[redacted]","n":"is [redacted]!"}"#, r#"{"token":"abc","n":"is so!"}"#, ""),
        (r#"{"token":"[redacted]"}"#, r#"{"token":17}"#, ""),
        (r#"{"n":"is [redacted]!"}"#, r#"{"n":"was so!"}"#, "body.n:\n  - \"is [redacted]!\"\n  + \"was so!\"\n"),
        ("a\nb\nc\nd\n", "a\nB\nc\nd\n", "body, from line 2:\n  - b\n  + B\n"),
        ("a\nb\n", "a\n", "body, from line 2:\n  - b\n  + (nothing)\n"),
        ("a\n", "a", "body:\n  - a\n  + a (no line end)\n"),
        ("hello", "{}", "body:\n  - hello (no line end)\n  + {} (no line end)\n"),
        // What a terminal would obey is shown, not sent.
        ("a\n", "\u{1b}[31ma\n", "body:\n  - a\n  + \\u{1b}[31ma\n"),
    ] {
        assert_eq!(of(&body(expected), &body(came)), want, "{expected} {came}");
    }
    let (left, right) = (body(&b"\xff\x00\x01"[..]), body(&b"\xff\x00"[..]));
    assert_eq!(of(&left, &right), "body:\n  - 3 bytes, of which number 2 is 0x01\n  + 2 bytes\n");
    assert_eq!(of(&left, &left), "");
}

#[test]
fn status_and_headers_are_compared_with_their_order() {
    let reply = |status, pairs| Reply { status, headers: headers(pairs), body: Bytes::new() };
    let ok = StatusCode::OK;
    assert_eq!(of(&reply(ok, &[]), &reply(StatusCode::CREATED, &[])), "status:\n  - 200\n  + 201\n");
    let one = reply(ok, &[("a", "1"), ("set-cookie", "x=1"), ("set-cookie", "y=2")]);
    let swapped = reply(ok, &[("a", "1"), ("set-cookie", "y=2"), ("set-cookie", "x=1")]);
    assert_eq!(of(&one, &swapped), "headers.set-cookie:\n  - x=1\n  - y=2\n  + y=2\n  + x=1\n");
    let fewer = reply(ok, &[("a", "1"), ("set-cookie", "x=1")]);
    assert_eq!(of(&one, &fewer), "headers.set-cookie:\n  - x=1\n  - y=2\n  + x=1\n");
    assert_eq!(of(&fewer, &reply(ok, &[("a", "1")])), "headers.set-cookie:\n  - x=1\n  + (nothing)\n");
    let turned = reply(ok, &[("set-cookie", "x=1"), ("a", "1")]);
    assert_eq!(of(&fewer, &turned), "headers, in this order:\n  - a, set-cookie\n  + set-cookie, a\n");
    let redacted = reply(ok, &[("a", "1"), ("set-cookie", "[redacted]")]);
    assert_eq!(of(&redacted, &fewer), "");
}

#[test]
fn what_legitimately_differs_is_ignored_when_told_so() {
    let reply =
        |date, id| Reply { headers: headers(&[("date", date), ("x-amzn-requestid", id), ("a", "1")]), ..Reply::default() };
    let (one, two) = (reply("Mon", "1"), Reply { headers: headers(&[("a", "1"), ("connection", "close")]), ..reply("Tue", "2") });
    assert!(Difference::of_replies(&one, &two, Ignore::Delivery).is_empty());
    assert_eq!(Difference::of_replies(&one, &two, Ignore::Nothing).len(), 3);
    // What the function itself says is never ignored.
    let other = Reply { headers: headers(&[("a", "2")]), ..Reply::default() };
    assert_eq!(Difference::of_replies(&one, &other, Ignore::Delivery).to_string(), "headers.a:\n  - 1\n  + 2\n");
}

#[test]
fn events_are_compared_by_what_their_json_form_has() {
    let event = |provider, id: &str, name: &str| {
        let queue = Queue { name: Some(name.into()), ..Queue::default() };
        Event::new(provider, Trigger::Queue(queue)).with_id(id).with_attribute("tenant", "a").with_data("hi", None)
    };
    let one = event(Provider::Aws, "1", "orders").with_raw("{}").with_time(Time::from_seconds(0));
    let of = |came: &Event, ignore| Difference::of_events(&one, came, ignore).to_string();
    assert_eq!(of(&one.clone().with_raw(""), Ignore::Nothing), "");
    assert_eq!(of(&event(Provider::Gcp, "2", "orders").with_attempt(3).with_source("/s"), Ignore::Delivery), "");
    assert_eq!(
        of(&event(Provider::Gcp, "1", "Orders").with_time(Time::from_seconds(0)), Ignore::Nothing),
        "provider:\n  - \"aws\"\n  + \"gcp\"\nqueue.name:\n  - \"orders\"\n  + \"Orders\"\n"
    );
    assert_eq!(
        of(&event(Provider::Gcp, "1", "orders").with_data("ho", None), Ignore::Delivery),
        "data:\n  - \"hi\"\n  + \"ho\"\n"
    );

    let request = |pairs: &[(&'static str, &'static str)], host: &str| {
        let http = Http { headers: headers(pairs), host: Some(host.into()), ..Http::new(Method::GET, "/", None) };
        Event::new(Provider::Aws, Trigger::Http(Box::new(http)))
    };
    let (left, right) = (request(&[("host", "a"), ("b", "1"), ("c", "2")], "a"), request(&[("c", "2"), ("b", "1")], "x"));
    let difference = Difference::of_events(&left, &right, Ignore::Delivery).to_string();
    assert_eq!(difference, "http.headers, in this order:\n  - b, c\n  + c, b\n");
}

#[test]
fn a_large_difference_stays_readable() {
    let list = |from: u32| format!("[{}]", (from..from + 1_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    let shown = of(&body(list(0)), &body(list(1)));
    assert_eq!(shown.lines().count(), 40 * 3 + 1);
    assert!(shown.ends_with("and 960 more\n"), "{shown}");
    let shown = of(&body("x".repeat(10_000)), &body("y"));
    assert!(shown.len() < 300, "{shown}");
    let deep = |end: &str| format!("{}{end}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(!of(&body(deep("1")), &body(deep("2"))).is_empty());
}
