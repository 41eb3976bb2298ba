//! The loop over Lambda's Runtime API, against one on a socket.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

mod api;
mod time;

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use api::{ACCEPTED, Api, Next, Seen, delivery, raw_delivery};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    Body, Event, Failure, Invocation, Outcome, Reply,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Hooks},
};
use serde_json::{Value, json};

fn description(name: &'static str, binding: Binding) -> Description {
    Description::new(name, binding)
}

fn direct(call: impl Fn(Event, Invocation) -> Outcome + Send + Sync + 'static) -> Functions {
    Functions::new(vec![Function::blocking(description("f", Binding::Direct), call)])
}

fn http(call: impl Fn(Event, Invocation) -> Outcome + Send + Sync + 'static) -> Functions {
    let binding = Binding::Http { methods: &[], path: None };
    Functions::new(vec![Function::blocking(description("f", binding), call)])
}

/// Answers a direct call with its own input.
fn echo() -> Functions {
    direct(|event, _| Outcome::Done(Reply::Direct(event.data().cloned().unwrap_or_default())))
}

fn posts(seen: &[Seen]) -> Vec<(&str, &str)> {
    let posts = seen.iter().filter(|seen| !seen.line.contains("/next "));
    posts.map(|seen| (seen.line.split(' ').nth(1).unwrap(), seen.text())).collect()
}

const V2: &str = r#"{"version":"2.0","rawPath":"/","requestContext":{"http":{"method":"GET"}}}"#;
const URL: &str =
    r#"{"version":"2.0","rawPath":"/","requestContext":{"domainName":"u.lambda-url.x.on.aws","http":{"method":"GET"}}}"#;

#[test]
fn deliveries_are_answered_one_after_another_on_one_connection() {
    let api = Api::new(vec![
        delivery("1", "Lambda-Runtime-Invocation-Id: i-1\r\n", "1"),
        delivery("2", "", r#""two""#),
        delivery("3", "", "[]"),
    ]);
    let (seen, ended) = api.run(echo(), &[], 3);
    assert!(ended.is_none());
    let want = [
        ("/2018-06-01/runtime/invocation/1/response", "1"),
        ("/2018-06-01/runtime/invocation/2/response", r#""two""#),
        ("/2018-06-01/runtime/invocation/3/response", "[]"),
    ];
    assert_eq!(posts(&seen), want);
    assert!(seen.iter().all(|seen| seen.connection == 1));
    assert_eq!(seen[0].line, "GET /2018-06-01/runtime/invocation/next HTTP/1.1");
    assert!(seen[0].header("user-agent").unwrap().starts_with("polyfn/"));
    assert_eq!(seen[1].header("lambda-runtime-invocation-id"), Some("i-1"));
    assert_eq!(seen[3].header("lambda-runtime-invocation-id"), None);
}

#[test]
fn a_base_path_is_kept() {
    let (seen, _) = Api::new(vec![delivery("1", "", "1")]).at("/some/function/").run(echo(), &[], 1);
    assert_eq!(seen[0].line, "GET /some/function/2018-06-01/runtime/invocation/next HTTP/1.1");
    assert_eq!(posts(&seen), [("/some/function/2018-06-01/runtime/invocation/1/response", "1")]);
}

#[test]
fn a_request_is_answered_in_its_front_ends_form() {
    let functions = http(|event, _| {
        let path = event.http().unwrap().path.clone();
        Outcome::Done(Reply::Http(Response::builder().status(201).header("x", "y").body(Body::from(path)).unwrap()))
    });
    let (seen, _) = Api::new(vec![delivery("1", "", V2)]).run(functions, &[], 1);
    let reply: Value = serde_json::from_str(posts(&seen)[0].1).unwrap();
    let want = json!({"statusCode": 201, "headers": {"x": "y"}, "cookies": [], "body": "/", "isBase64Encoded": false});
    assert_eq!(reply, want);
}

#[test]
fn the_frame_reaches_the_function() {
    let facts = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&facts);
    let functions = direct(move |event, invocation| {
        let deadline = invocation.deadline().map(|deadline| deadline.to_string());
        let trace = invocation.trace().map(str::to_owned);
        to.lock().unwrap().push((invocation.id().to_owned(), deadline, trace, event.source().to_owned()));
        Outcome::Done(Reply::Empty)
    });
    let headers = "Lambda-Runtime-Deadline-Ms: 1542409706888\r\nLambda-Runtime-Trace-Id: Root=1-5b\r\n\
                   Lambda-Runtime-Invoked-Function-Arn: arn:f\r\n";
    let (seen, _) = Api::new(vec![delivery("1", headers, "1")]).run(functions, &[], 1);
    assert_eq!(posts(&seen)[0].1, "null");
    let want = ("1".into(), Some("2018-11-16T23:08:26.888Z".into()), Some("Root=1-5b".into()), "arn:f".into());
    assert_eq!(*facts.lock().unwrap(), [want]);
}

#[test]
fn a_traceparent_of_the_request_goes_before_lambdas_trace() {
    let trace = Arc::new(Mutex::new(None));
    let to = Arc::clone(&trace);
    let functions = http(move |_, invocation| {
        *to.lock().unwrap() = invocation.trace().map(str::to_owned);
        Outcome::Done(Reply::Empty)
    });
    let json =
        r#"{"version":"2.0","rawPath":"/","headers":{"traceparent":"00-a-b-01"},"requestContext":{"http":{"method":"GET"}}}"#;
    Api::new(vec![delivery("1", "Lambda-Runtime-Trace-Id: Root=1-5b\r\n", json)]).run(functions, &[], 1);
    assert_eq!(trace.lock().unwrap().as_deref(), Some("00-a-b-01"));
}

#[test]
fn row_66_whatever_the_frame_lacks_or_holds_the_invocation_is_answered() {
    let api = Api::new(vec![
        delivery("1", "Lambda-Runtime-Deadline-Ms: 1000\r\n", "1"),
        delivery("2", "Lambda-Runtime-Client-Context: {nonsense\r\nLambda-Runtime-Cognito-Identity: {}\r\n", "2"),
        delivery("3", "Lambda-Runtime-Deadline-Ms: tomorrow\r\n", "3"),
        raw_delivery("4", b"Lambda-Runtime-Trace-Id: \xff\xfe\r\nLambda-Runtime-Invocation-Id: \xff\r\n", b"4"),
        delivery("5", "Lambda-Runtime-Deadline-Ms: 99999999999999999999\r\n", "5"),
    ]);
    let (seen, ended) = api.run(echo(), &[], 5);
    assert!(ended.is_none());
    assert_eq!(posts(&seen).iter().map(|(_, body)| *body).collect::<Vec<_>>(), ["1", "2", "3", "4", "5"]);
}

#[test]
fn bad_deliveries_are_answered_and_the_loop_goes_on() {
    let bad_body = V2.replacen('{', r#"{"body":"%%%","isBase64Encoded":true,"#, 1);
    let api = Api::new(vec![
        delivery("1", "", "{cut"),
        raw_delivery("2", b"", b"\"\xff\""),
        delivery("3", "", ""),
        delivery("4", "", &bad_body),
        delivery("5", "", "5"),
    ]);
    let (seen, ended) = api.run(echo(), &[], 5);
    assert!(ended.is_none());
    let posts = posts(&seen);
    assert!(posts[0].0.ends_with("/1/error") && posts[0].1.starts_with(r#"{"errorType":"Function.BadInput""#));
    assert!(posts[1].0.ends_with("/2/error"));
    assert!(posts[2].0.ends_with("/3/error"));
    assert!(posts[3].0.ends_with("/4/response"));
    let reply: Value = serde_json::from_str(posts[3].1).unwrap();
    assert_eq!((&reply["statusCode"], &reply["body"]), (&json!(400), &json!(r#"{"error":"body: invalid base64"}"#)));
    assert_eq!(posts[4], ("/2018-06-01/runtime/invocation/5/response", "5"));
}

#[test]
fn a_failed_call_is_an_error_with_a_stable_name() {
    let functions = direct(|event, _| match event.data().unwrap().as_ref() {
        b"1" => Outcome::Retry(Failure::new("OrderMissing", "no order 1")),
        b"2" => Outcome::Drop(Failure::new("Useless", "never mind")),
        _ => panic!("by zero"),
    });
    let api =
        Api::new(vec![delivery("1", "Lambda-Runtime-Invocation-Id: i\r\n", "1"), delivery("2", "", "2"), delivery("3", "", "3")]);
    let (seen, _) = api.run(functions, &[], 3);
    let want = [
        ("/2018-06-01/runtime/invocation/1/error", r#"{"errorType":"Function.OrderMissing","errorMessage":"no order 1"}"#),
        ("/2018-06-01/runtime/invocation/2/error", r#"{"errorType":"Function.Useless","errorMessage":"never mind"}"#),
        (
            "/2018-06-01/runtime/invocation/3/error",
            r#"{"errorType":"Function.Panic","errorMessage":"the function panicked: by zero"}"#,
        ),
    ];
    assert_eq!(posts(&seen), want);
    let first = &seen[1];
    assert_eq!(first.header("lambda-runtime-function-error-type"), Some("Function.OrderMissing"));
    assert_eq!(first.header("lambda-runtime-invocation-id"), Some("i"));
}

#[test]
fn a_failed_request_is_a_500_that_says_no_more() {
    let functions = http(|_, _| Outcome::Retry(Failure::new("Db", "password is hunter2")));
    let (seen, _) = Api::new(vec![delivery("1", "", V2)]).run(functions, &[], 1);
    let reply: Value = serde_json::from_str(posts(&seen)[0].1).unwrap();
    assert_eq!(reply["statusCode"], 500);
    assert_eq!(reply["headers"]["content-type"], "application/problem+json");
    assert!(!posts(&seen)[0].1.contains("hunter2"));
}

#[test]
fn row_67_a_reply_that_is_too_large_is_posted_once() {
    let api = Api::responding(vec![delivery("1", "", "1"), delivery("2", "", "2")], |line| {
        if line.contains("/1/") {
            "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 45\r\n\r\n{\"errorType\":\"Function.ResponseSizeTooLarge\"}"
        } else {
            ACCEPTED
        }
    });
    let large = Bytes::from(vec![b'1'; 6_291_557]);
    let functions = direct(move |event, _| {
        let first = event.data().unwrap().as_ref() == b"1";
        Outcome::Done(Reply::Direct(if first { large.clone() } else { Bytes::from_static(b"2") }))
    });
    let (seen, ended) = api.run(functions, &[], 2);
    assert!(ended.is_none());
    let lines: Vec<_> = seen.iter().filter(|seen| !seen.line.contains("/next")).map(|seen| seen.line.as_str()).collect();
    assert!(lines[0].contains("/1/response") && lines[1].contains("/2/response"), "{lines:?}");
    assert_eq!(seen[1].body.len(), 6_291_557);
}

#[test]
fn a_lost_connection_is_made_again() {
    let api = Api::new(vec![
        Next::Close,
        Next::Close,
        Next::Raw(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_vec()),
        Next::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        Next::Raw(b"garbage\r\n\r\n".to_vec()),
        Next::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()),
        delivery("1", "Connection: close\r\n", "1"),
        delivery("2", "", "2"),
    ]);
    let (seen, ended) = api.run(echo(), &[], 2);
    assert!(ended.is_none());
    assert_eq!(posts(&seen).iter().map(|(_, body)| *body).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn a_failed_init_is_reported_and_ends_the_process() {
    for (hooks, name, text) in [
        (Hooks::default().with_init(|| async { Err(Failure::new("NoDatabase", "refused")) }), "Function.NoDatabase", "refused"),
        (Hooks::default().with_init(|| async { panic!("no database") }), "Function.Panic", "the function panicked: no database"),
    ] {
        let (seen, ended) = Api::new(vec![]).run(echo().with_hooks(hooks), &[], 9);
        assert!(ended.unwrap().unwrap_err().to_string().starts_with("init failed"));
        let body = json!({"errorType": name, "errorMessage": text}).to_string();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(serde_json::from_str::<Value>(seen[0].text()).unwrap(), body);
        assert_eq!(seen[0].line, "POST /2018-06-01/runtime/init/error HTTP/1.1");
        assert_eq!(seen[0].header("lambda-runtime-function-error-type"), Some(name));
    }
}

#[test]
fn a_function_that_cannot_be_chosen_is_an_init_error() {
    let (seen, ended) = Api::new(vec![]).run(echo(), &[("POLYFN_FUNCTION", "g")], 9);
    assert_eq!(ended.unwrap().unwrap_err().to_string(), "no function is called `g`; there are `f`");
    assert_eq!(seen[0].header("lambda-runtime-function-error-type"), Some("Runtime.InitError"));
}

#[test]
fn a_snapshot_is_awaited_and_the_connection_made_again() {
    let respond = |line: &str| if line.contains("restore") { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" } else { ACCEPTED };
    let env = [("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")];
    let (seen, _) = Api::responding(vec![delivery("1", "", "1")], respond).run(echo(), &env, 1);
    assert_eq!(seen[0].line, "GET /2018-06-01/runtime/restore/next HTTP/1.1");
    assert_eq!((seen[0].connection, seen[1].connection), (1, 2));
    assert_eq!(posts(&seen).last().unwrap().1, "1");

    let refuse = |_: &str| "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    let (seen, ended) = Api::responding(vec![], refuse).run(echo(), &env, 9);
    assert!(ended.unwrap().is_err());
    assert!(seen[1].line.contains("/init/error"));
}

#[test]
fn concurrent_invocations_run_at_once() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (at, top) = (Arc::clone(&running), Arc::clone(&most));
    let functions = direct(move |_, _| {
        top.fetch_max(at.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(200));
        at.fetch_sub(1, Ordering::SeqCst);
        Outcome::Done(Reply::Empty)
    });
    let script = (0..4).map(|id| delivery(&id.to_string(), "", "1")).collect();
    let (seen, _) = Api::new(script).run(functions, &[("AWS_LAMBDA_MAX_CONCURRENCY", "4")], 4);
    assert_eq!(posts(&seen).len(), 4);
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

/// A body that sends these pieces, then fails.
struct Broken(Vec<&'static str>, bool);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Bytes>, &'static str>>> {
        match self.0.pop() {
            Some(piece) => Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(piece.as_bytes()))))),
            None if self.1 => panic!("half way"),
            None => Poll::Ready(Some(Err("half way"))),
        }
    }
}

const STREAM: [(&str, &str); 1] = [("POLYFN_RESPONSE_STREAM", "true")];

#[test]
fn a_streamed_reply_has_a_prelude_and_its_errors_as_trailers() {
    for (panics, name, message) in
        [(false, "Function.StreamError", "half way"), (true, "Function.Panic", "the function panicked: half way")]
    {
        let functions = http(move |_, _| {
            let body = Body::new(Broken(vec!["two", "", "one"], panics));
            let response = Response::builder().status(203).header("set-cookie", "a=1").header("x", "y").body(body);
            Outcome::Done(Reply::Http(response.unwrap()))
        });
        let api = Api::new(vec![delivery("1", "", URL), delivery("2", "", V2)]);
        let (seen, _) = api.run(functions, &STREAM, 2);
        let streamed = &seen[1];
        assert_eq!(streamed.header("lambda-runtime-function-response-mode"), Some("streaming"));
        let content_type = streamed.header("content-type");
        assert_eq!(content_type, Some("application/vnd.awslambda.http-integration-response"));
        let want = "{\"statusCode\":203,\"headers\":{\"x\":\"y\"},\"cookies\":[\"a=1\"]}\0\0\0\0\0\0\0\0onetwo";
        assert_eq!(streamed.text(), want);
        assert_eq!(streamed.trailer("lambda-runtime-function-error-type"), Some(name));
        let body = STANDARD.decode(streamed.trailer("lambda-runtime-function-error-body").unwrap()).unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body, json!({"errorType": name, "errorMessage": message}));
        // An HTTP API cannot take a stream, so the whole body is awaited there, and its failure is a 500.
        let whole = &seen[3];
        assert_eq!(whole.header("lambda-runtime-function-response-mode"), None);
        assert_eq!(serde_json::from_str::<Value>(whole.text()).unwrap()["statusCode"], 500);
    }
}

#[test]
fn every_reply_is_streamed_where_the_front_end_expects_it() {
    let functions = http(|_, _| Outcome::Done(Reply::Http(Response::new(Body::from("whole")))));
    let bad = URL.replacen('{', r#"{"body":"%","isBase64Encoded":true,"#, 1);
    let (seen, _) = Api::new(vec![delivery("1", "", URL), delivery("2", "", &bad)]).run(functions, &STREAM, 2);
    assert_eq!(seen[1].text(), "{\"statusCode\":200,\"headers\":{},\"cookies\":[]}\0\0\0\0\0\0\0\0whole");
    assert_eq!(seen[1].trailers, []);
    assert!(seen[3].text().starts_with("{\"statusCode\":400,"));
}

#[test]
fn without_the_setting_a_stream_is_collected() {
    let functions = http(|_, _| {
        let pieces = Body::new(http_body_util::Full::new(Bytes::from_static(b"all of it")));
        Outcome::Done(Reply::Http(Response::new(pieces)))
    });
    let (seen, _) = Api::new(vec![delivery("1", "", URL)]).run(functions, &[], 1);
    assert_eq!(serde_json::from_str::<Value>(seen[1].text()).unwrap()["body"], "all of it");
}

#[cfg(unix)]
#[test]
fn a_shutdown_hook_runs_at_sigterm() {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    let hooks = Hooks::default().with_shutdown(|_| async {
        DONE.fetch_add(1, Ordering::SeqCst);
    });
    let functions = direct(|_, _| {
        let me = std::process::id().to_string();
        std::process::Command::new("kill").args(["-TERM", &me]).status().unwrap();
        Outcome::Done(Reply::Empty)
    });
    let respond = |line: &str| {
        if line.contains("/extension/register") {
            "HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: x-1\r\nContent-Length: 2\r\n\r\n{}"
        } else {
            ACCEPTED
        }
    };
    let api = Api::responding(vec![delivery("1", "", "1")], respond);
    let (seen, ended) = api.run(functions.with_hooks(hooks), &[], 9);
    assert!(ended.unwrap().is_ok());
    assert_eq!(DONE.load(Ordering::SeqCst), 1);
    assert_eq!((seen[0].line.as_str(), seen[0].text()), ("POST /2020-01-01/extension/register HTTP/1.1", r#"{"events":[]}"#));
    let waits = seen.iter().find(|seen| seen.line.contains("/extension/event/next")).unwrap();
    assert_eq!(waits.header("lambda-extension-identifier"), Some("x-1"));
}

/// A function of this kind that fails with what an event holds as its data.
fn failing(kind: Kind) -> Functions {
    let binding = Binding::Resource { kind, name: "orders", filter: Filter::default() };
    let call = |event: Event, _| match event.data().map(|data| &data[..]) {
        Some(b"bad") => Outcome::Retry(Failure::new("OrderMissing", "no such order")),
        Some(b"panic") => panic!("what now"),
        Some(b"never") => Outcome::Drop(Failure::new("Never", "no")),
        _ => Outcome::Done(Reply::Empty),
    };
    Functions::new(vec![Function::blocking(description("f", binding), call)])
}

#[test]
fn each_failed_message_of_a_queue_is_reported() {
    let batch = |bodies: &[&str]| {
        let records = bodies.iter().enumerate().map(|(index, body)| {
            json!({"messageId": format!("m{index}"), "body": body, "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
        });
        json!({"Records": records.collect::<Vec<_>>()}).to_string()
    };
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"#;
    let api = Api::new(vec![
        delivery("1", "", &batch(&["good", "bad", "never", "panic", test])),
        delivery("2", "", &batch(&["good", test])),
        delivery("3", "", r#"{"Records":[{"eventSource":"aws:sqs"}]}"#),
    ]);
    let (seen, _) = api.run(failing(Kind::Queue), &[], 3);
    let posts = posts(&seen);
    assert_eq!(posts[0].1, r#"{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m3"}]}"#);
    assert_eq!(posts[1].1, r#"{"batchItemFailures":[]}"#);
    let refused = r#"{"errorType":"Function.BadInput","errorMessage":"Records[0].messageId: missing"}"#;
    assert_eq!(posts[2], ("/2018-06-01/runtime/invocation/3/error", refused));
}

#[test]
fn a_failed_message_of_a_topic_fails_the_invocation_by_name() {
    let message = |text: &str| {
        let sns = json!({"MessageId": "n", "Message": text, "TopicArn": "arn:aws:sns:us-east-1:123456789012:orders"});
        json!({"Records": [{"EventSource": "aws:sns", "Sns": sns}]}).to_string()
    };
    let api = Api::new(vec![delivery("1", "", &message("good")), delivery("2", "", &message("bad"))]);
    let (seen, _) = api.run(failing(Kind::Topic), &[], 2);
    let want = [
        ("/2018-06-01/runtime/invocation/1/response", "null"),
        ("/2018-06-01/runtime/invocation/2/error", r#"{"errorType":"Function.OrderMissing","errorMessage":"no such order"}"#),
    ];
    assert_eq!(posts(&seen), want);
}

#[test]
fn a_failed_record_of_kafka_is_named_where_the_deployment_says_so_and_fails_the_invocation_elsewhere() {
    let record = |partition: i64, offset: i64, value: &str| json!({"topic": "orders", "partition": partition, "offset": offset, "value": STANDARD.encode(value)});
    let records = json!({"orders-0": [record(0, 15, "good"), record(0, 16, "bad"), record(0, 17, "panic")], "orders-1": [record(1, 2, "good")]});
    let kafka = json!({"eventSource": "aws:kafka", "records": records}).to_string();
    let good = json!({"eventSource": "aws:kafka", "records": {"orders-0": [record(0, 18, "good")]}}).to_string();
    let api = || Api::new(vec![delivery("1", "", &kafka), delivery("2", "", &good)]);

    let whole =
        ("/2018-06-01/runtime/invocation/1/error", r#"{"errorType":"Function.OrderMissing","errorMessage":"no such order"}"#);
    for env in [&[][..], &[("POLYFN_KAFKA_PARTIAL", "false")]] {
        let (seen, _) = api().run(failing(Kind::Stream), env, 2);
        assert_eq!(posts(&seen), [whole, ("/2018-06-01/runtime/invocation/2/response", "null")]);
    }
    let (seen, _) = api().run(failing(Kind::Stream), &[("POLYFN_KAFKA_PARTIAL", "true")], 2);
    let list = r#"{"batchItemFailures":[{"itemIdentifier":{"partition":"orders-0","offset":16}}]}"#;
    let want = [
        ("/2018-06-01/runtime/invocation/1/response", list),
        ("/2018-06-01/runtime/invocation/2/response", r#"{"batchItemFailures":[]}"#),
    ];
    assert_eq!(posts(&seen), want);
}
