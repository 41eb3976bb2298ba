//! Google's conformance client for the Functions Framework, played request for request and check for check.
//!
//! Source: <https://github.com/GoogleCloudPlatform/functions-framework-conformance/tree/main/client>.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod check;
mod pair;
mod server;

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use self::{
    pair::{Pair, googles, own},
    server::Server,
};

#[test]
fn an_http_function_gets_the_body() {
    let server = Server::start("http", "http");
    server.post_json(br#"{"res":"PASS"}"#);
    assert_eq!(server.written()["res"], "PASS");
}

#[test]
fn a_typed_function_answers_with_what_it_was_called_with() {
    let server = Server::start("typed", "http");
    let answer = server.post_json(br#"{"message":"Hello world!"}"#);
    assert_eq!(answer.json()["payload"]["message"], "Hello world!");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

/// Both forms of each event, sent to a function of CloudEvents.
fn as_cloud_events(pairs: Vec<Pair>) {
    let server = Server::start("cloudevent", "cloudevent");
    for Pair { name, cloud_event, .. } in &pairs {
        server.post_cloud_event(cloud_event);
        check::cloud_event(&server.written(), cloud_event).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for Pair { name, legacy, legacy_mapped, .. } in &pairs {
        server.post_json(legacy);
        check::cloud_event(&server.written(), legacy_mapped).unwrap_or_else(|error| panic!("{name}, mapped: {error}"));
    }
}

/// Both forms of each event, sent to a function of the old form.
fn as_background_events(pairs: Vec<Pair>) {
    let server = Server::start("legacyevent", "event");
    for Pair { name, legacy, legacy_seen, .. } in &pairs {
        server.post_json(legacy);
        check::legacy(&server.written(), legacy_seen).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for Pair { name, cloud_event, cloud_event_mapped, .. } in &pairs {
        server.post_cloud_event(cloud_event);
        check::legacy(&server.written(), cloud_event_mapped).unwrap_or_else(|error| panic!("{name}, mapped: {error}"));
    }
}

#[test]
fn a_function_of_cloud_events_sees_both_forms() {
    as_cloud_events(own());
}

#[test]
fn a_function_of_background_events_sees_both_forms() {
    as_background_events(own());
}

#[test]
#[ignore = "needs ../shared/fixtures/gcp/conformance beside the repository"]
fn a_function_of_cloud_events_sees_googles_own() {
    as_cloud_events(googles());
}

#[test]
#[ignore = "needs ../shared/fixtures/gcp/conformance beside the repository"]
fn a_function_of_background_events_sees_googles_own() {
    as_background_events(googles());
}

/// One request takes a second or more, and ten at once no more than twice that.
fn at_once(function: &str, signature: &str, send: impl Fn(&Server) + Sync) {
    let server = Server::start(function, signature);
    let began = Instant::now();
    send(&server);
    let one = began.elapsed();
    assert!(one >= Duration::from_secs(1), "{one:?}");
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| send(&server));
        }
    });
    let ten = began.elapsed();
    assert!(ten <= 2 * one, "ten took {ten:?}, and one took {one:?}");
}

#[test]
fn ten_requests_at_once_take_no_longer_than_one() {
    at_once("concurrent", "http", |server| drop(server.post_json(br#"{"data": "hello"}"#)));
}

#[test]
fn ten_events_at_once_take_no_longer_than_one() {
    let event = json!({"specversion": "1.0", "type": "google.firebase.auth.user.v1.created", "id": "7", "subject": "users/reader7",
        "source": "//firebaseauth.googleapis.com/projects/library", "time": "2026-11-26T09:00:00Z",
        "datacontenttype": "application/json", "data": {"uid": "reader7"}});
    at_once("concurrent_event", "cloudevent", |server| drop(server.post_cloud_event(&event)));
}
