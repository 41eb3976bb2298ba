//! `cargo polyfn decode`, as a person runs it.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

/// Runs the command with `input` on its standard input.
fn decode(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"))
        .args(["polyfn", "decode"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refusal(output: &Output) -> (Option<i32>, String) {
    assert_eq!(output.stdout, b"");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// A file of its own for a test.
fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

const V2: &str = r#"{"version":"2.0","routeKey":"$default","rawPath":"/a b","rawQueryString":"q=1","cookies":["a=1","b=2"],"headers":{"x":"1"},
    "requestContext":{"requestId":"r1","http":{"method":"GET","path":"/a b","sourceIp":"203.0.113.7"}},"isBase64Encoded":false}"#;

#[test]
fn an_aws_delivery_is_its_json() {
    let events = lines(&decode(&["--from", "aws", "-"], V2.as_bytes()));
    let http = json!({
        "method": "GET", "path": "/a%20b", "raw_path": "/a b", "query": "q=1", "headers": [["x", "1"], ["cookie", "a=1; b=2"]],
        "scheme": "https", "client_ip": "203.0.113.7",
    });
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["id"], &events[0]["http"]), (&json!("r1"), &http));
    let events = lines(&decode(&["--from", "aws", "-"], b"[1,\n 2]"));
    assert_eq!((&events[0]["trigger"], &events[0]["data"]), (&json!("direct"), &json!([1, 2])));
}

#[test]
fn pretty_is_one_array() {
    let output = decode(&["--from", "aws", "--pretty", "-"], V2.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("[\n  {\n"), "{text}");
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap().as_array().unwrap().len(), 1);
}

#[test]
fn the_others_are_raw_requests() {
    let request =
        b"PUT //a/../%2F?x=1&x=2 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\nContent-Length: 2\r\n\r\n\x00\xff";
    for provider in ["gcp", "container"] {
        let events = lines(&decode(&["--from", provider, "-"], request));
        let http = &events[0]["http"];
        assert_eq!((&events[0]["provider"], &events[0]["data_base64"]), (&json!(provider), &json!("AP8=")));
        assert_eq!((&http["path"], &http["query"]), (&json!("//a/../%2F"), &json!("x=1&x=2")));
        let headers = json!([["host", "h"], ["x-a", "1"], ["x-b", "2"], ["x-a", "3"], ["content-length", "2"]]);
        assert_eq!(http["headers"], headers);
    }
}

#[test]
fn azure_reads_the_declared_binding() {
    let binding = file(
        "greet.json",
        r#"[{"type":"httpTrigger","direction":"in","name":"req","route":"greet/{name}"},{"type":"http","direction":"out","name":"res"}]"#,
    );
    let binding = binding.to_str().unwrap();
    let body = r#"{"Data":{"req":{"Url":"https://h/api/greet/Ann?x=1","Method":"GET","Headers":{"A":["1","2"]},"Params":{"name":"Ann"}}},"Metadata":{}}"#;
    let request =
        format!("POST /Greet HTTP/1.1\r\nX-Azure-Functions-InvocationId: i1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let events = lines(&decode(&["--from", "azure", "--binding", binding, "-"], request.as_bytes()));
    let http = &events[0]["http"];
    assert_eq!((&events[0]["id"], &http["path"], &http["params"]), (&json!("i1"), &json!("/greet/Ann"), &json!({"name": "Ann"})));
    assert_eq!(http["headers"], json!([["a", "1"], ["a", "2"]]));
    for mode in ["forward", "proxy"] {
        let request = b"GET /api/greet/A%20b?x=1 HTTP/1.1\r\nHost: h\r\n\r\n";
        let events = lines(&decode(&["--from", "azure", "--binding", binding, "--mode", mode, "-"], request));
        let http = &events[0]["http"];
        assert_eq!((&http["path"], &http["params"]), (&json!("/greet/A%20b"), &json!({"name": "A b"})));
    }
}

/// The deliveries of a provider's test data: each file, and the events that it must become.
fn deliveries(provider: &str) -> Vec<(PathBuf, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-shim/src").join(provider).join("testdata");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let of_aws = |name: &str| provider == "aws" && name.ends_with(".json") && !name.ends_with(".event.json");
    files.retain(|file| {
        let name = file.file_name().unwrap().to_str().unwrap();
        name.ends_with(".http") || of_aws(name)
    });
    let files = files.into_iter().map(|file| {
        let events = serde_json::from_slice(&fs::read(file.with_extension("event.json")).unwrap()).unwrap();
        let events = if let Value::Array(events) = events { events } else { vec![events] };
        (file, events)
    });
    files.collect()
}

/// What a person types after `decode` for this file, whose function takes such events.
fn arguments(provider: &str, file: &Path, trigger: &str) -> Vec<String> {
    let mut arguments: Vec<_> = ["--from", provider, file.to_str().unwrap()].map(str::to_owned).into();
    // Only the function tells a call and a webhook from another request, and what else a message can be.
    let declared = fs::read(file.with_extension("function.json")).ok().filter(|_| provider == "gcp");
    if let Some(declared) = declared {
        let declared: BTreeMap<String, String> = serde_json::from_slice(&declared).unwrap();
        arguments.extend(declared.into_iter().flat_map(|(trigger, name)| ["--trigger".to_owned(), format!("{trigger}={name}")]));
    } else if provider != "aws" && ["http", "direct", "event"].contains(&trigger) {
        arguments.extend(["--trigger", trigger].map(str::to_owned));
    }
    if provider == "azure" {
        let own = file.with_extension("function.json");
        let binding = if own.exists() { own } else { file.with_file_name("find-book.function.json") };
        let name = file.file_name().unwrap().to_str().unwrap();
        let mode = ["forward", "proxy"].into_iter().find(|mode| name.starts_with(mode)).unwrap_or("json");
        arguments.extend(["--binding", binding.to_str().unwrap(), "--mode", mode].map(str::to_owned));
    }
    arguments
}

/// An event of AWS without what the headers of its invocation tell, and no file has: the request's id, the function's name.
fn without_frame(mut event: Value) -> Value {
    for (name, of_frame) in [("id", "frame-1"), ("source", "arn:aws:lambda:eu-west-1:123456789012:function:orders")] {
        if event.get(name).is_some_and(|value| value == of_frame) {
            event.as_object_mut().unwrap().remove(name);
        }
    }
    event
}

#[test]
fn every_source_is_printed_as_its_test_data_says() {
    for provider in ["aws", "gcp", "azure", "container"] {
        let deliveries = deliveries(provider);
        assert!(!deliveries.is_empty(), "{provider}");
        for (file, events) in deliveries {
            let trigger = events.first().map_or("", |event| event["trigger"].as_str().unwrap());
            let arguments = arguments(provider, &file, trigger);
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let printed = lines(&decode(&arguments, b""));
            let events: Vec<_> = events.into_iter().map(without_frame).collect();
            assert_eq!(printed, events, "{}", file.display());
        }
    }
}

#[test]
fn a_call_is_one_if_its_function_says_so() {
    let request = b"POST /add HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n[1, 2]";
    for provider in ["gcp", "container"] {
        let events = lines(&decode(&["--from", provider, "--trigger", "direct", "-"], request));
        assert_eq!((&events[0]["trigger"], &events[0]["data"]), (&json!("direct"), &json!([1, 2])));
        assert_eq!(lines(&decode(&["--from", provider, "-"], request))[0]["trigger"], "http");
    }
    let (code, message) = refusal(&decode(&["--from", "aws", "--trigger", "direct", "-"], b"{}"));
    assert!(code == Some(1) && message.contains("--trigger"), "{message}");
}

#[test]
fn what_cannot_be_decoded_is_refused_with_its_place() {
    let bad = r#"{"requestContext":{"http":{"method":"GET"}},"rawPath":"/","body":"%%%","isBase64Encoded":true}"#;
    let (code, message) = refusal(&decode(&["--from", "aws", "-"], bad.as_bytes()));
    assert_eq!(code, Some(1));
    assert!(message.starts_with("error: body: "), "{message}");
    let (code, message) = refusal(&decode(&["--from", "aws", "-"], br#"{"a":1} x"#));
    assert!(code == Some(1) && message.starts_with("error: "), "{message}");
    let (code, message) = refusal(&decode(&["--from", "gcp", "-"], b"{}"));
    assert!(code == Some(1) && message.contains("not an HTTP/1.1 request"), "{message}");
    let (code, message) = refusal(&decode(&["--from", "azure", "-"], b"GET / HTTP/1.1\r\n\r\n"));
    assert!(code == Some(1) && message.contains("--binding"), "{message}");
    let (code, message) = refusal(&decode(&["--from", "aws", "no-such-file"], b""));
    assert!(code == Some(1) && message.contains("no-such-file"), "{message}");
}

#[test]
fn wrong_usage_is_told_apart() {
    assert_eq!(decode(&["--from", "heroku", "-"], b"").status.code(), Some(2));
    assert_eq!(decode(&["-"], b"").status.code(), Some(2));
}
