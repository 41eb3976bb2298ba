//! `cargo polyfn send` and `invoke`, as a person runs them.

mod shim;

use serde_json::{Value, json};

use shim::{StandIn, polyfn, polyfn_with};

/// What the shim says of an event that it has delivered.
fn detail(ended: &str, failure: Option<&str>, response: Option<Value>) -> Value {
    json!({
        "summary": {"id": 7, "at": "2026-01-01T00:00:00Z", "form": "aws/sqs", "trigger": "queue", "name": "orders", "functions": ["fulfil"],
            "ended": ended, "settled": "acknowledged", "status": 200, "took_us": 1_250, "attempt": 1},
        "recording": {}, "calls": [{"function": "fulfil", "ended": ended, "failure": failure, "took_us": 1_000}],
        "logs": ["packed \u{1b}[31mit"], "response": response,
    })
}

/// What arrives at the shim of a command that it has accepted.
fn sent(args: &[&str]) -> Value {
    let shim = StandIn::start(|_, _| (200, detail("done", None, None)));
    let ran = polyfn(&shim.address, args);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let request = shim.request();
    assert_eq!(request.line, "POST /_polyfn/api/send");
    assert!(request.headers.contains(&"content-type: application/json".to_owned()), "{request:?}");
    assert!(request.headers.contains(&format!("host: {}", shim.address)), "{request:?}");
    request.body
}

#[test]
fn each_trigger_has_its_fields() {
    let message =
        sent(&["send", "queue", "orders", r#"{"sku":"a"}"#, "--attribute", "tenant=a=b", "--attribute", "x=", "--group", "g"]);
    let event = json!({
        "provider": "local", "trigger": "queue", "type": "polyfn.queue.message", "attempt": 1,
        "attributes": {"tenant": "a=b", "x": ""}, "data": r#"{"sku":"a"}"#, "queue": {"name": "orders", "group": "g"},
    });
    assert_eq!(message, json!({ "event": event }));

    let message =
        sent(&["send", "topic", "news", "1", "--content-type", "application/json", "--group", "k", "--as", "gcp/wrapped-push"]);
    assert_eq!((&message["event"]["data"], &message["as"]), (&json!(1), &json!("gcp/wrapped-push")));
    assert_eq!(message["event"]["topic"], json!({"name": "news", "ordering_key": "k"}));

    let record = sent(&["send", "--as", "aws", "stream", "clicks", "-5", "--group", "k"]);
    assert_eq!((&record["event"]["data"], &record["as"]), (&json!("-5"), &json!("aws")));
    assert_eq!(record["event"]["stream"], json!({"name": "clicks", "partition_key": "k"}));

    let object = sent(&["send", "object", "uploads", "a cat.png", "--action", "deleted", "--size", "3"]);
    assert_eq!(
        (&object["event"]["type"], &object["event"]["object"]["action"]),
        (&json!("polyfn.object.deleted"), &json!("deleted"))
    );
    let object = &object["event"]["object"];
    assert_eq!((&object["bucket"], &object["key"], &object["size"]), (&json!("uploads"), &json!("a cat.png"), &json!(3)));

    let tick = sent(&["send", "tick", "nightly"]);
    assert_eq!((&tick["function"], &tick["event"]["schedule"]), (&json!("nightly"), &json!({"name": "nightly"})));

    let custom = sent(&["send", "event", "shop.paid", r#"{"a":1}"#, "--source", "shop", "--subject", "s", "--attribute", "k=v"]);
    let custom = &custom["event"];
    assert_eq!((&custom["type"], &custom["source"], &custom["subject"]), (&json!("shop.paid"), &json!("shop"), &json!("s")));
    assert_eq!((&custom["datacontenttype"], &custom["attributes"]), (&json!("application/json"), &json!({"k": "v"})));
}

#[test]
fn every_digit_of_the_data_arrives() {
    let shim = StandIn::start(|_, _| (200, detail("done", None, None)));
    let ran = polyfn(&shim.address, &["send", "event", "a.b", r#"{"n": 12345678901234567890.10}"#]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let text = shim.request().text;
    assert!(text.contains(r#""data":{"n":12345678901234567890.10}"#), "{text}");
}

#[test]
fn what_a_change_was_and_is_says_what_was_done() {
    let created = sent(&["send", "change", "orders", r#"{"a":1}"#, "--key", "o-1"]);
    let change = json!({"action": "created", "collection": "orders", "key": "o-1", "after": {"a": 1}});
    assert_eq!((&created["event"]["change"], &created["event"]["type"]), (&change, &json!("polyfn.change.created")));
    let updated = sent(&["send", "change", "orders", r#"{"a":2}"#, "--before", r#"{"a":1}"#, "--key", r#"{"id":1}"#]);
    let change = json!({"action": "updated", "collection": "orders", "key": {"id": 1}, "before": {"a": 1}, "after": {"a": 2}});
    assert_eq!(updated["event"]["change"], change);
    let deleted = sent(&["send", "change", "orders", "--before", r#"{"a":1}"#]);
    assert_eq!(deleted["event"]["change"], json!({"action": "deleted", "collection": "orders", "before": {"a": 1}}));
}

#[test]
fn a_queued_message_is_told_by_its_ids() {
    let shim = StandIn::start(|_, _| (202, json!({"queued": ["12", "13"]})));
    let ran = polyfn(&shim.address, &["send", "topic", "news", "hi"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "queued as 12, 13\n", ""));
    let ran = polyfn(&shim.address, &["send", "--json", "topic", "news", "hi"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "{\"queued\":[\"12\",\"13\"]}\n"));
}

#[test]
fn what_came_of_it_is_printed_and_is_the_exit_code() {
    let shim = StandIn::start(|_, _| (200, detail("retry", Some("Function.Error: no stock"), None)));
    let ran = polyfn(&shim.address, &["send", "queue", "orders", "x", "--as", "aws"]);
    let out = "retry  queue `orders` as aws/sqs, 1.2 ms (invocation 7)
  fulfil  retry in 1.0 ms: Function.Error: no stock
  log  packed \\u{1b}[31mit
";
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), out));
    let shim = StandIn::start(|_, _| (200, detail("none", None, None)));
    let ran = polyfn(&shim.address, &["send", "event", "a.b", "x"]);
    assert!(ran.code == Some(1) && ran.out.starts_with("no function was called"), "{ran:?}");
}

#[test]
fn data_comes_from_a_file_or_from_standard_input() {
    let shim = StandIn::start(|_, _| (202, json!({"queued": ["1"]})));
    let ran = polyfn_with(&shim.address, &["send", "queue", "orders", "--file", "-"], b"\xff\x00");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(shim.request().body["event"]["data_base64"], "/wA=");
    let ran = polyfn(&shim.address, &["send", "object", "uploads", "k", "--file", "no-such-file"]);
    assert_eq!((ran.code, ran.err.starts_with("error: no-such-file: ")), (Some(1), true), "{ran:?}");
}

#[test]
fn a_call_prints_what_it_returns_and_nothing_else() {
    let answer = json!({"status": 200, "headers": [["content-type", "application/json"]], "body_text": "[3]"});
    let shim = StandIn::start(move |_, _| (200, detail("done", None, Some(answer.clone()))));
    let ran = polyfn(&shim.address, &["invoke", "add", "[1, 2]"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "[3]\n"));
    assert!(ran.err.contains("log  packed"), "{ran:?}");
    let event = json!({"provider": "local", "trigger": "direct", "type": "polyfn.direct.call", "datacontenttype": "application/json",
        "attempt": 1, "data": [1, 2], "direct": {}});
    assert_eq!(shim.request().body, json!({"event": event, "function": "add"}));
    let shim =
        StandIn::start(|_, _| (200, detail("done", None, Some(json!({"status": 404, "headers": [], "body_text": "none"})))));
    assert_eq!(polyfn(&shim.address, &["invoke", "add", "1"]).code, Some(1));
    let ran = polyfn(&shim.address, &["invoke", "add", "text"]);
    assert!(ran.code == Some(2) && ran.err.contains(r#"'"text"'"#), "{ran:?}");
}

#[test]
fn a_refusal_is_one_line_in_the_shims_words() {
    let shim =
        StandIn::start(|_, _| (404, json!({"title": "no function takes it", "status": 404, "detail": "there are: orders"})));
    let ran = polyfn(&shim.address, &["send", "queue", "order", "x"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "error: no function takes it: there are: orders\n"));
    let stranger = StandIn::start(|_, _| (404, json!("<html>not here</html>")));
    let ran = polyfn(&stranger.address, &["send", "queue", "order", "x"]);
    assert!(ran.code == Some(1) && ran.err.contains("is not the local shim") && ran.err.lines().count() == 1, "{ran:?}");
    let stranger = StandIn::start(|_, _| (200, json!({"ok": true})));
    assert!(polyfn(&stranger.address, &["send", "queue", "order", "x"]).err.contains("is not the local shim"));
}

#[test]
fn nobody_listens() {
    let port = polyfn_tests::free_port().to_string();
    let ran = polyfn(&port, &["send", "queue", "orders", "x"]);
    let err = format!(
        "error: nothing listens on 127.0.0.1:{port}; start the program with `cargo run`, or say with `--address` where it is\n"
    );
    assert_eq!((ran.code, ran.err), (Some(1), err));
}

#[test]
fn an_address_is_found_in_every_spelling() {
    let shim = StandIn::start(|_, _| (202, json!({"queued": ["1"]})));
    let port = shim.address.rsplit(':').next().unwrap();
    for address in [port.to_owned(), format!("localhost:{port}"), format!("http://127.0.0.1:{port}/")] {
        let ran = polyfn("127.0.0.1:1", &["send", "queue", "orders", "x", "--address", &address]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let ran = polyfn("127.0.0.1:1", &["send", "queue", "orders", "x", "--address", "no address"]);
    assert!(ran.code == Some(2) && ran.err.contains("127.0.0.1:9000"), "{ran:?}");
}

#[test]
fn wrong_usage_is_told_apart() {
    for (args, part) in [
        (&["send", "queue", "orders"][..], "<DATA>"),
        (&["send", "queue", "orders", "x", "--file", "y"], "cannot be used with"),
        (&["send", "queue", "orders", "x", "--attribute", "a"], "NAME=VALUE"),
        (&["send", "queue", "orders", "x", "--as", "heroku"], "there are aws, gcp"),
        (&["send", "queue", "orders", "x", "--as", "gcp/sqs"], "gcp/tasks"),
        (&["send", "change", "orders", "{"], "not JSON"),
        (&["send", "change", "orders"], "AFTER"),
        (&["send", "object", "b", "k", "--action", "eaten"], "archived"),
        (&["send"], "queue"),
        (&["dead", "resend"], "ID"),
        (&["queues", "--provider", "aws"], "unexpected argument"),
    ] {
        let ran = polyfn("127.0.0.1:1", args);
        assert!(ran.code == Some(2) && ran.err.contains(part), "{args:?}: {ran:?}");
    }
}

#[test]
fn help_shows_how_it_is_done() {
    let ran = polyfn("127.0.0.1:1", &["send", "--help"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("cargo polyfn send queue orders '{\"sku\":\"a-1\"}'"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'));
}
