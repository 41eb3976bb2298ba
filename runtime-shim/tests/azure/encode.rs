use http::{Response, StatusCode};
use polyfn_shim::{
    Body, Failure, Outcome, Reply,
    azure::{Bindings, Declaration, Encoded, Mode, encode},
    event::Kind,
};
use serde_json::{Value, json};

use crate::wire::function;

fn http(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Outcome {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    Outcome::Done(Reply::Http(builder.body(body.into()).unwrap()))
}

fn in_json(outcome: Outcome) -> Encoded {
    encode(outcome, &function("F", Kind::Http, None), Mode::Json)
}

fn answer(outcome: Outcome) -> Value {
    let encoded = in_json(outcome);
    assert_eq!((encoded.response.status(), encoded.error), (StatusCode::OK, None));
    assert_eq!(encoded.response.headers()["content-type"], "application/json");
    serde_json::from_slice(encoded.response.body().bytes().unwrap()).unwrap()
}

fn output(status: u16, headers: Value, body: &str) -> Value {
    json!({"Outputs": {"res": {"statusCode": status, "headers": headers, "body": body}}, "Logs": [], "ReturnValue": null})
}

#[test]
fn a_response_goes_out_as_the_http_output() {
    for (outcome, want) in [
        (
            http(201, &[("content-type", "application/json"), ("x", "1")], r#"{"a":1}"#),
            output(201, json!({"content-type": "application/json", "x": "1"}), r#"{"a":1}"#),
        ),
        (http(200, &[], "hi"), output(200, json!({"content-type": "text/plain; charset=utf-8"}), "hi")),
        (http(204, &[], ""), output(204, json!({}), "")),
        (http(404, &[("vary", "a"), ("x", "1"), ("vary", "b")], ""), output(404, json!({"vary": "a, b", "x": "1"}), "")),
        (
            http(503, &[("set-cookie", "a=1; Path=/"), ("content-length", "9")], ""),
            output(503, json!({"set-cookie": "a=1; Path=/"}), ""),
        ),
        (Outcome::Done(Reply::Direct("5".into())), output(200, json!({"content-type": "application/json"}), "5")),
        (Outcome::Done(Reply::Empty), output(204, json!({}), "")),
    ] {
        assert_eq!(answer(outcome), want);
    }
}

#[test]
fn a_failure_with_a_status_is_a_response() {
    let failure = || Failure::new("OrderMissing", "no order 7").with_status(StatusCode::NOT_FOUND);
    for outcome in [Outcome::Retry(failure()), Outcome::Drop(failure())] {
        let answer = answer(outcome);
        let res = &answer["Outputs"]["res"];
        assert_eq!((&res["statusCode"], &res["headers"]["content-type"]), (&json!(404), &json!("application/problem+json")));
        assert!(res["body"].as_str().unwrap().contains("no order 7"));
    }
}

#[test]
fn an_unexpected_failure_is_a_500_of_the_handler() {
    for outcome in [Outcome::Retry(Failure::new("Lost", "secret")), Outcome::from_panic(&"secret")] {
        let encoded = in_json(outcome);
        assert_eq!((encoded.response.status(), encoded.error), (StatusCode::INTERNAL_SERVER_ERROR, None));
        assert_eq!(encoded.response.headers()["content-type"], "text/plain; charset=utf-8");
        let text = String::from_utf8_lossy(encoded.response.body().bytes().unwrap()).into_owned();
        assert!(text.starts_with("Function.") && !text.contains("secret"), "{text}");
    }
}

#[test]
fn what_json_mode_cannot_carry_is_a_500_and_an_error_that_says_what_to_do() {
    for outcome in [
        http(200, &[("set-cookie", "a=1"), ("set-cookie", "b=2")], "x"),
        http(200, &[("content-type", "image/png")], vec![0x89, b'P', 0xff]),
        http(200, &[], Body::new(Body::from("streamed"))),
    ] {
        let encoded = in_json(outcome);
        assert_eq!(encoded.response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!encoded.response.body().bytes().unwrap().is_empty());
        let error = encoded.error.unwrap();
        assert!(error.ends_with("needs proxying: remove the extra binding"), "{error}");
    }
}

#[test]
fn the_output_is_named_as_declared() {
    let declared = |output: &str| {
        let bindings = format!(r#"[{{"type":"httpTrigger","name":"r"}},{{"type":"http","direction":"out","name":"{output}"}}]"#);
        Declaration::new("F", Kind::Http, Bindings::read(bindings.as_bytes()).unwrap())
    };
    let answer = |output: &str| {
        let encoded = encode(http(200, &[("content-type", "a/b")], "x"), &declared(output), Mode::Json);
        serde_json::from_slice::<Value>(encoded.response.body().bytes().unwrap()).unwrap()
    };
    let x = json!({"statusCode": 200, "headers": {"content-type": "a/b"}, "body": "x"});
    assert_eq!(answer("reply"), json!({"Outputs": {"reply": x}, "Logs": [], "ReturnValue": null}));
    assert_eq!(answer("$return"), json!({"Outputs": {}, "Logs": [], "ReturnValue": x}));
}

#[test]
fn the_raw_modes_send_the_response_itself() {
    for mode in [Mode::Forward, Mode::Proxy] {
        let raw = |outcome| encode(outcome, &function("F", Kind::Http, None), mode);
        let encoded = raw(http(200, &[("set-cookie", "a=1"), ("set-cookie", "b=2")], vec![0xff]));
        assert_eq!(encoded.response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!((encoded.response.body().bytes().unwrap().as_ref(), encoded.error), ([0xff].as_slice(), None));
        assert_eq!(raw(Outcome::Done(Reply::Empty)).response.status(), StatusCode::NO_CONTENT);
        assert_eq!(raw(Outcome::Retry(Failure::new("X", "y"))).response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}

#[test]
fn other_triggers_get_the_plain_answers() {
    let bindings = Bindings::read(br#"[{"type":"timerTrigger","name":"t"}]"#).unwrap();
    let function = Declaration::new("T", Kind::Schedule, bindings);
    let failure = || Failure::new("X", "y").with_status(StatusCode::NOT_FOUND);
    for (outcome, status) in [
        (Outcome::Done(Reply::Empty), StatusCode::OK),
        (Outcome::Drop(failure()), StatusCode::OK),
        (Outcome::Retry(failure()), StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let encoded = encode(outcome, &function, Mode::Json);
        assert_eq!(encoded.response.status(), status);
        if status == StatusCode::OK {
            assert_eq!(encoded.response.body().bytes().unwrap(), r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#);
        }
    }
}
