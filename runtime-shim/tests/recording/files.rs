use std::{fs, path::PathBuf};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use polyfn_shim::{
    Failure, Outcome, Reply as Answer,
    event::Headers,
    local::recording::{Delivery, Ended, Recording, Reply},
};

use crate::recording;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("recordings-{name}-{}", std::process::id()));
    let _missing = fs::remove_dir_all(&folder);
    folder
}

fn headers(pairs: &[(&'static str, &'static [u8])]) -> Headers {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())).collect()
}

#[test]
fn a_file_is_for_people() {
    let mut recording = recording();
    recording.delivery = Delivery {
        method: Method::POST,
        path: "/fulfil?x=1".into(),
        headers: headers(&[("content-type", b"application/json"), ("x-town", b"Malm\xf6")]),
        body: Bytes::from(r#"{"Data":{"order":"hi"},"n":12345678901234567890123456789012345678}"#),
    };
    recording.outcomes = vec![Ended::Retry { name: "Function.Error".into(), message: "no stock".into() }];
    recording.reply = Reply { status: StatusCode::INTERNAL_SERVER_ERROR, headers: headers(&[]), body: Bytes::from("no stock") };
    let want = r#"{
  "format": 1,
  "at": "2024-05-01T10:00:00.250Z",
  "duration_us": 1234,
  "provider": "azure",
  "form": "json",
  "function": "fulfil",
  "delivery": {
    "method": "POST",
    "path": "/fulfil?x=1",
    "headers": [
      ["content-type", "application/json"],
      ["x-town", "Malmö", "iso-8859-1"]
    ],
    "body_json": {
      "Data": {
        "order": "hi"
      },
      "n": 12345678901234567890123456789012345678
    }
  },
  "events": [
    {
      "provider": "azure",
      "trigger": "queue",
      "id": "7",
      "type": "polyfn.queue.message",
      "attempt": 1,
      "data": "hi",
      "queue": {
        "name": "orders"
      }
    }
  ],
  "outcomes": [
    {
      "outcome": "retry",
      "name": "Function.Error",
      "message": "no stock"
    }
  ],
  "reply": {
    "status": 500,
    "headers": [],
    "body_text": "no stock"
  }
}
"#;
    assert_eq!(recording.to_json(), want);
    assert_eq!(Recording::from_json(want).unwrap(), recording);
}

#[test]
fn each_kind_of_body_comes_back() {
    for (body, member) in [
        (&b""[..], None),
        (b"{\"a\":[1.50]}", Some("body_json")),
        (b"\"a\"", Some("body_json")),
        (b"a", Some("body_text")),
        (b"{\"a\"", Some("body_text")),
        (b"\xff\x00", Some("body_base64")),
    ] {
        let mut recording = recording();
        recording.delivery.body = Bytes::from_static(body);
        recording.reply.body = Bytes::from_static(body);
        let json = recording.to_json();
        for name in ["body_json", "body_text", "body_base64"] {
            assert_eq!(json.matches(name).count(), if member == Some(name) { 2 } else { 0 }, "{json}");
        }
        assert_eq!(Recording::from_json(&json).unwrap(), recording);
    }
}

#[test]
fn outcomes_of_every_kind_come_back() {
    let failure = || Failure::new("BadInput", "no \"id\"\n");
    let outcomes = [Outcome::Done(Answer::Empty), Outcome::Retry(failure()), Outcome::Drop(failure())];
    let mut recording = recording();
    recording.outcomes = outcomes.iter().map(Ended::from).collect();
    assert_eq!(recording.outcomes.iter().map(Ended::as_str).collect::<Vec<_>>(), ["done", "retry", "drop"]);
    assert_eq!(Recording::from_json(&recording.to_json()).unwrap(), recording);
}

#[test]
fn files_are_read_in_the_order_of_their_numbers() {
    let folder = folder("order");
    let first = recording().write_to(&folder).unwrap();
    assert_eq!(first.file_name().unwrap(), "0001-queue-fulfil.json");
    fs::rename(&first, folder.join("9999-queue-fulfil.json")).unwrap();
    fs::write(folder.join("README.md"), "not a recording").unwrap();
    fs::write(folder.join("notes.json"), "neither").unwrap();
    let next = Recording { function: "../a b".into(), events: vec![], ..recording() };
    assert_eq!(next.write_to(&folder).unwrap().file_name().unwrap(), "10000-none----a-b.json");
    assert_eq!(Recording { function: String::new(), ..recording() }.file_name(3), "0003-queue.json");
    let read = Recording::read_all(&folder).unwrap();
    assert_eq!(read.iter().map(|(_, recording)| recording.function.as_str()).collect::<Vec<_>>(), ["fulfil", "../a b"]);
    assert_eq!(read.first().unwrap().1, recording());
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_error_names_the_file_and_the_place() {
    let folder = folder("errors");
    let path = recording().write_to(&folder).unwrap();
    let json = fs::read_to_string(&path).unwrap();
    for (from, to, want) in [
        ("\"format\": 1", "\"format\": 2", "format: expected 1, which is what this version of polyfn reads"),
        ("\"form\"", "\"shape\"", "form: missing"),
        ("\"events\"", "\"event\"", "event: unknown member; there are "),
        (
            "\"name\": \"orders\"",
            "\"title\": \"orders\"",
            "events[0].queue.title: unknown member; there are name, group, sequence",
        ),
        ("\"done\"", "\"gone\"", "outcomes[0].outcome: expected done, retry or drop"),
        ("\"done\"", "\"retry\"", "outcomes[0].name: missing"),
        ("\"status\": 200", "\"status\": 20", "reply.status: expected a status of 100 to 999"),
        ("\"method\": \"GET\"", "\"method\": \"\"", "delivery.method: expected an HTTP method"),
        ("\"headers\": []", "\"headers\": [[\"a\"]]", "delivery.headers[0]: expected [name, value]"),
        ("\"headers\": []", "\"headers\": [], \"body_base64\": \"?\"", "delivery.body_base64: expected base64"),
        ("\"headers\": []", "\"headers\": [], \"body_text\": \"\", \"body_json\": 1", "delivery.body_json: one of "),
    ] {
        assert!(json.contains(from), "{from}");
        fs::write(&path, json.replacen(from, to, 1)).unwrap();
        let error = Recording::read(&path).unwrap_err();
        assert_eq!(error.file(), path);
        let text = error.to_string();
        assert!(text.starts_with(&format!("{}: {want}", path.display())), "{text}");
        assert_eq!(Recording::read_all(&folder).unwrap_err().to_string(), text);
    }
    let missing = folder.join("0009-missing.json");
    assert!(Recording::read(&missing).unwrap_err().to_string().starts_with(&format!("{}: cannot read", missing.display())));
    assert!(Recording::read_all(&missing).unwrap_err().to_string().contains("cannot read the folder"));
    fs::remove_dir_all(&folder).unwrap();
}
