use std::{env, fs, path::PathBuf, process};

use polyfn::event::Time;
use serde_json::{Value, json};

use super::*;

/// A file that no other test writes to.
fn output(test: &str) -> (State<Output>, PathBuf) {
    let file = env::temp_dir().join(format!("functions-framework-{}-{test}.json", process::id()));
    (State::new(Output::new(&file)), file)
}

fn written(file: PathBuf) -> Value {
    let text = fs::read(&file).unwrap();
    fs::remove_file(file).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn data(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

#[test]
fn a_body_is_written_as_it_came() {
    let (output, file) = output("http");
    http(output, Bytes::from(r#"{"res":"PASS"}"#)).unwrap();
    assert_eq!(written(file), json!({"res": "PASS"}));
}

#[test]
fn a_call_comes_back() {
    let call = || Call { message: "Hello world!".to_owned() };
    assert_eq!(typed(call()), Answer { payload: call() });
}

#[test]
fn an_event_is_written_in_its_json_format() {
    let (output, file) = output("cloudevent");
    let mut event = CloudEvent::new("shop.paid", Json(data(r#"{"n":9007199254740993,"gone":null}"#)));
    event.id = "7".to_owned();
    event.source = "/shop".to_owned();
    event.time = Time::parse("2024-05-01T10:00:00.50Z");
    event.extensions = vec![("tenant".to_owned(), "a".to_owned())];
    cloudevent(event, output).unwrap();
    let want = json!({"specversion": "1.0", "id": "7", "source": "/shop", "type": "shop.paid", "time": "2024-05-01T10:00:00.50Z",
        "tenant": "a", "data": {"n": 9_007_199_254_740_993_u64, "gone": null}});
    assert_eq!(written(file), want);
}

#[test]
fn a_background_event_is_written_in_its_old_form() {
    let (output, file) = output("legacyevent");
    legacyevent(LegacyEvent::new("google.storage.object.finalize", data("{}")), output).unwrap();
    let context = json!({"eventId": "", "eventType": "google.storage.object.finalize", "resource": ""});
    assert_eq!(written(file), json!({"data": {}, "context": context}));
}

#[tokio::test(start_paused = true)]
async fn a_while_is_what_the_client_wants() {
    let before = tokio::time::Instant::now();
    concurrent().await;
    assert_eq!(before.elapsed(), A_WHILE);
}
