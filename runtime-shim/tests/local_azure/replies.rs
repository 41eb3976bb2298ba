//! What the host makes of a reply in JSON mode, by the handbook's table of answers and its list of outputs.

use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    azure::{Bindings, Declaration, Mode},
    event::Kind,
    local::{
        Settled::{Acknowledged, Again},
        azure::{logs, outputs, response, settled},
    },
};

const DONE: &str = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;

fn reply(status: u16, media_type: Option<&str>, body: &'static str) -> Response<Bytes> {
    let mut builder = Response::builder().status(status);
    if let Some(media_type) = media_type {
        builder = builder.header("content-type", media_type);
    }
    builder.body(Bytes::from(body)).unwrap()
}

fn json(body: &'static str) -> Response<Bytes> {
    reply(200, Some("application/json"), body)
}

fn function(kind: Kind, bindings: &str) -> Declaration {
    Declaration::new("F", kind, Bindings::read(bindings.as_bytes()).unwrap())
}

fn http(output: &str) -> Declaration {
    let bindings = format!(r#"[{{"type":"httpTrigger","name":"req"}},{{"type":"http","direction":"out","name":"{output}"}}]"#);
    function(Kind::Http, &bindings)
}

#[test]
fn only_a_json_answer_with_a_2xx_is_a_success() {
    let type_ = Some("application/json; charset=utf-8");
    for (reply, done) in [
        (reply(200, type_, DONE), true),
        (reply(202, Some("Application/JSON"), r#"{"key":"v"}"#), true),
        (reply(200, type_, r#"{"outputs":null,"LOGS":["a"],"returnvalue":null}"#), true),
        (reply(200, type_, "[1]"), true),
        (reply(204, None, ""), false),
        (reply(200, type_, ""), false),
        (reply(200, type_, " null "), false),
        (reply(200, Some("text/plain"), DONE), false),
        (reply(200, None, DONE), false),
        (reply(200, type_, "{\"Outputs\":"), false),
        (reply(200, type_, "ok"), false),
        (reply(200, type_, r#"{"Logs":[{"a":1}]}"#), false),
        (reply(302, type_, DONE), false),
        (reply(404, type_, DONE), false),
        (reply(500, Some("text/plain"), "no"), false),
    ] {
        let want = if done { Acknowledged } else { Again };
        assert_eq!(settled(3, &reply), [want; 3], "{reply:?}");
        assert_eq!(logs(&reply).is_ok(), done, "{reply:?}");
    }
}

#[test]
fn an_empty_answer_is_an_error_that_says_that_the_host_hangs_and_what_to_answer() {
    for reply in [reply(204, None, ""), json("null")] {
        let told = response(Mode::Json, &http("res"), &reply).unwrap_err().to_string();
        assert!(told.contains("would wait until the function's timeout") && told.contains(DONE), "{told}");
        assert_eq!(told.lines().count(), 1);
    }
}

#[test]
fn lines_of_the_invocation_are_texts() {
    assert_eq!(logs(&json(r#"{"Logs":["a","b\n",7,true]}"#)).unwrap(), ["a", "b\n", "7", "true"]);
}

#[test]
fn a_caller_gets_what_the_http_output_says() {
    let text = Some("text/plain; charset=utf-8");
    for (body, status, media_type, want) in [
        (
            r#"{"Outputs":{"res":{"statusCode":201,"headers":{"Content-Type":"text/html"},"body":"<p>"}}}"#,
            201,
            Some("text/html"),
            "<p>",
        ),
        (r#"{"Outputs":{"res":{"statusCode":"404","body":"no"}}}"#, 404, text, "no"),
        // `status` is ignored.
        (r#"{"Outputs":{"res":{"status":404,"body":"no"}}}"#, 200, text, "no"),
        (r#"{"outputs":{"res":{"STATUSCODE":202,"Body":""}}}"#, 202, text, ""),
        // An object is written with indents, and keeps its digits.
        (r#"{"Outputs":{"res":{"body":{"n":12345678901234567890123}}}}"#, 200, text, "{\n  \"n\": 12345678901234567890123\n}"),
        // The output's name is compared letter for letter.
        (r#"{"Outputs":{"Res":{"body":"x"}}}"#, 200, text, "{}"),
        (r#"{"Outputs":{}}"#, 200, text, "{}"),
        (r#"{"Outputs":null}"#, 200, None, ""),
        (r#"{"key":"v"}"#, 200, None, ""),
        // Without a body the object is one itself.
        (r#"{"Outputs":{"res":{"statusCode":201}}}"#, 200, text, "{\n  \"statusCode\": 201\n}"),
        // A text that holds the object.
        (r#"{"Outputs":{"res":"{\"statusCode\":201,\"body\":\"x\"}"}}"#, 201, text, "x"),
    ] {
        let got = response(Mode::Json, &http("res"), &json(body)).unwrap();
        assert_eq!(got.status(), status, "{body}");
        assert_eq!(got.headers().get("content-type").map(|value| value.to_str().unwrap()), media_type, "{body}");
        assert_eq!(got.body(), want, "{body}");
    }
}

#[test]
fn a_returned_text_in_base64_is_its_bytes() {
    let function = http("$return");
    let got = |body| response(Mode::Json, &function, &json(body)).unwrap();
    assert_eq!(got(r#"{"ReturnValue":"AP/+"}"#).body()[..], [0, 0xff, 0xfe]);
    assert_eq!(got(r#"{"ReturnValue":"not base64!"}"#).body(), "not base64!");
    let object = got(r#"{"ReturnValue":{"statusCode":418,"body":"tea"}}"#);
    assert_eq!((object.status().as_u16(), &object.body()[..]), (418, &b"tea"[..]));
    assert!(got(DONE).body().is_empty());
}

#[test]
fn what_fails_the_invocation_is_an_empty_500_or_an_error_that_names_the_place() {
    let failed = response(Mode::Json, &http("res"), &reply(404, Some("application/json"), DONE)).unwrap();
    assert_eq!((failed.status().as_u16(), failed.body().len(), failed.headers().len()), (500, 0, 0));
    for (body, part) in [
        (r#"{"Outputs":{"res":null}}"#, "Outputs.res: null"),
        (r#"{"Outputs":{"res":"hello"}}"#, "Outputs.res: a text that is no JSON"),
        (r#"{"Outputs":[]}"#, "Outputs: no object"),
        (r#"{"Outputs":{"res":{"body":"","statusCode":"many"}}}"#, "Outputs.res.statusCode"),
        (r#"{"Outputs":{"res":{"body":"","headers":{"x":null}}}}"#, "Outputs.res.headers.x"),
        (r#"{"Outputs":{"res":{"body":"","headers":{"set-cookie":["a","b"]}}}}"#, "Outputs.res.headers.set-cookie"),
        (r#"{"Outputs":{"res":{"body":"","headers":{"x":"a\nb"}}}}"#, "not a header value"),
    ] {
        let error = response(Mode::Json, &http("res"), &json(body)).unwrap_err().to_string();
        assert!(error.contains(part), "{body}: {error}");
    }
    let redirect = response(Mode::Json, &http("res"), &reply(307, None, "")).unwrap_err().to_string();
    assert!(redirect.contains("follows a 307"), "{redirect}");
}

#[test]
fn raw_replies_are_passed_on() {
    let mut cookies = reply(302, None, "");
    for cookie in ["a=1", "b=2"] {
        cookies.headers_mut().append("set-cookie", cookie.parse().unwrap());
    }
    for mode in [Mode::Forward, Mode::Proxy] {
        let got = response(mode, &http("res"), &cookies).unwrap();
        assert_eq!((got.status(), got.headers(), got.body()), (cookies.status(), cookies.headers(), cookies.body()));
    }
}

#[test]
fn the_host_guesses_what_a_text_is() {
    let declared = |data_type: &str| {
        let bindings = format!(
            r#"[{{"type":"queueTrigger","name":"item"}},{{"type":"queue","direction":"out","name":"q"{data_type}}},
                {{"type":"blob","direction":"in","name":"b"}},{{"type":"queue","direction":"out","name":"$return"}}]"#
        );
        function(Kind::Queue, &bindings)
    };
    for (body, want) in [
        // These happen to be base64.
        (r#"{"Outputs":{"q":"test"}}"#, vec![&b"\xb5\xeb\x2d"[..]]),
        (r#"{"Outputs":{"q":"12345678"}}"#, vec![b"\xd7\x6d\xf8\xe7\xae\xfc"]),
        (r#"{"Outputs":{"q":"hello"}}"#, vec![b"hello"]),
        (r#"{"Outputs":{"q":""}}"#, vec![b""]),
        (r#"{"Outputs":{"q":"[\"a\", {\"b\":1}, 2]"}}"#, vec![b"a", b"{\n  \"b\": 1\n}", b"2"]),
        (r#"{"Outputs":{"q":"[no"}}"#, vec![b"[no"]),
        (r#"{"Outputs":{"q":"{\"b\":1}"}}"#, vec![b"{\n  \"b\": 1\n}"]),
        (r#"{"Outputs":{"q":"{no}"}}"#, vec![b"{no}"]),
        // None of the elements of an array is decoded.
        (r#"{"Outputs":{"q":["test","x"]}}"#, vec![b"test", b"x"]),
    ] {
        let got = outputs(&declared(""), &json(body)).unwrap();
        assert_eq!(got.len(), 1, "{body}");
        assert_eq!(got[0].binding, "q");
        assert_eq!(got[0].messages, want, "{body}");
    }
    let binary = outputs(&declared(r#","dataType":"binary""#), &json(r#"{"Outputs":{"q":"test"}}"#)).unwrap();
    assert_eq!(binary[0].messages, [&b"test"[..]]);
    let returned = outputs(&declared(""), &json(r#"{"Outputs":{"b":"x","other":"x"},"ReturnValue":"a b"}"#)).unwrap();
    assert_eq!(returned.len(), 1);
    assert_eq!((returned[0].binding.as_str(), &returned[0].messages[..]), ("$return", &[Bytes::from("a b")][..]));
}
