use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Request, request::Parts};
use polyfn_shim::{DecodeError, Event, container, gcp};
use serde_json::{Value, json};

/// Where a row holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum On {
    Both,
    Gcp,
    Container,
}
use On::{Both, Container, Gcp};

/// What a row expects.
enum Want {
    /// An event with these members at least; `null` says that there is no such member.
    Has(Value),
    /// An event whose JSON has this text in it.
    Says(&'static str),
    /// No event, but the request itself.
    Request,
    /// An error at this place.
    Refused(&'static str),
    /// An error that is answered 415.
    Unsupported,
}
use Want::{Has, Refused, Says, Unsupported};

struct Row {
    number: u8,
    on: On,
    path: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
    want: Want,
}

fn row(
    number: u8,
    on: On,
    path: &'static str,
    headers: &[(&'static str, &'static str)],
    body: impl Into<String>,
    want: Want,
) -> Row {
    Row { number, on, path, headers: headers.to_vec(), body: body.into(), want }
}

const CE: [(&str, &str); 4] = [("ce-id", "1"), ("ce-source", "/s"), ("ce-specversion", "1.0"), ("ce-type", "t")];

/// A CloudEvent in binary mode with more headers, or with other values.
fn binary(number: u8, on: On, more: &[(&'static str, &'static str)], body: &str, want: Want) -> Row {
    let own = CE.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let headers: Vec<_> = own.chain(more).copied().collect();
    row(number, on, "/", &headers, body, want)
}

/// A CloudEvent in structured mode with more members.
fn structured(number: u8, members: &str, want: Want) -> Row {
    let body = format!(r#"{{"specversion":"1.0","id":"1","source":"/s","type":"t"{members}}}"#);
    row(number, Both, "/", &[("content-type", "application/cloudevents+json")], body, want)
}

/// A wrapped push of a message with these members.
fn push(number: u8, path: &'static str, message: &str, want: Want) -> Row {
    let body = format!(r#"{{"message":{{{message}}},"subscription":"projects/p/subscriptions/s"}}"#);
    row(number, Gcp, path, &[("content-type", "application/json")], body, want)
}

fn json_body(number: u8, body: impl Into<String>, want: Want) -> Row {
    row(number, Gcp, "/", &[("content-type", "application/json")], body, want)
}

fn paths() -> Vec<Row> {
    let kept = |path: &'static str| row(4, Both, path, &[], "", Has(json!({"http": {"path": path, "raw_path": path}})));
    vec![kept("//a/../b"), kept("/a%2Fb")]
}

fn modes() -> Vec<Row> {
    const EVENT: &str = r#"{"specversion":"1.0","id":"1","source":"/s","type":"t"}"#;
    let of_type = |number, ty: &'static str, body: &str, want| row(number, Both, "/", &[("content-type", ty)], body, want);
    let mut rows = vec![
        of_type(5, "application/cloudevents-batch+json", &format!("[{EVENT}]"), Has(json!({"trigger": "event", "id": "1"}))),
        of_type(6, "Application/CloudEvents+JSON; Charset=UTF-8", EVENT, Has(json!({"trigger": "event", "id": "1"}))),
        of_type(7, "application/cloudevents+json", &format!("[{EVENT}]"), Refused("")),
        of_type(7, "application/cloudevents-batch+json", EVENT, Refused("")),
        of_type(8, "application/cloudevents+avro", "x", Unsupported),
        row(10, Both, "/", &[("ce-foo", "1")], "{}", Want::Request),
        binary(11, Both, &[("ce-id", "")], "", Refused("headers.ce-id")),
        binary(11, Both, &[("ce-id", "1"), ("ce-id", "2")], "", Refused("headers.ce-id")),
        binary(12, Both, &[("ce-specversion", "2.0")], "", Refused("headers.ce-specversion")),
        of_type(12, "application/cloudevents+json", r#"{"id":"1","source":"/s","type":"t"}"#, Refused("specversion")),
    ];
    for missing in CE {
        let three: Vec<_> = CE.into_iter().filter(|header| *header != missing).collect();
        let path = ["headers.ce-id", "headers.ce-source", "headers.ce-specversion", "headers.ce-type"];
        let path = path.into_iter().find(|path| path.ends_with(missing.0)).unwrap();
        rows.push(row(9, Both, "/", &three, "", Refused(path)));
    }
    rows
}

fn header_values() -> Vec<Row> {
    let subject = |number, on, value: &'static str, text: &str| {
        binary(number, on, &[("ce-subject", value)], "", Has(json!({"subject": text})))
    };
    let refused = |number, value| binary(number, Both, &[("ce-subject", value)], "", Refused("headers.ce-subject"));
    vec![
        subject(13, Both, "Euro%20%E2%82%AC", "Euro €"),
        subject(14, Both, "%2525", "%25"),
        refused(15, "%C0%A0"),
        refused(15, "%E2%82"),
        subject(16, Both, r#""a \"b\"""#, r#"a "b""#),
        subject(17, Gcp, "cloudaudit.googleapis.com%2Factivity-1", "cloudaudit.googleapis.com%2Factivity-1"),
        subject(17, Container, "cloudaudit.googleapis.com%2Factivity-1", "cloudaudit.googleapis.com/activity-1"),
        subject(18, Gcp, "50% off", "50% off"),
        subject(18, Gcp, "%zz", "%zz"),
    ]
}

fn data() -> Vec<Row> {
    let typed = |ty: &'static str| {
        binary(19, Both, &[("content-type", ty)], r#"{"n":1}"#, Has(json!({"datacontenttype": ty, "data": {"n": 1}})))
    };
    let time =
        |number, time: &'static str, want: &str| binary(number, Both, &[("ce-time", time)], "", Has(json!({"time": want})));
    vec![
        typed("application/json; charset=utf-8"),
        typed("application/vnd.x+json;v=1"),
        binary(20, Both, &[], r#"{"n":1}"#, Has(json!({"data": r#"{"n":1}"#, "datacontenttype": null}))),
        structured(21, r#","data":1,"data_base64":"e30=""#, Refused("data_base64")),
        structured(22, r#","data":"{}","datacontenttype":"application/json""#, Has(json!({"data": "{}"}))),
        structured(23, r#","data_base64":"e30=""#, Has(json!({"data": "{}", "datacontenttype": null}))),
        structured(24, r#","subject":null"#, Has(json!({"subject": null, "trigger": "event"}))),
        structured(
            25,
            r#","data":{"n":9007199254740993,"m":123456789012345678901234567890}"#,
            Says(r#"{"n":9007199254740993,"m":123456789012345678901234567890}"#),
        ),
        binary(25, Both, &[("content-type", "application/json")], "[9007199254740993]", Says("[9007199254740993]")),
        time(26, "2020-09-29T04:32:00.123456789-07:00", "2020-09-29T11:32:00.123456789Z"),
        time(27, "2020-09-29T11:32:00.100Z", "2020-09-29T11:32:00.100Z"),
        structured(
            28,
            r#","ratio":1.5,"flag":true,"o":{}"#,
            Has(json!({"attributes": {"ratio": "1.5", "flag": "true", "o": "{}"}})),
        ),
        structured(29, r#","methodName":"m""#, Has(json!({"attributes": {"methodname": "m"}}))),
        binary(
            30,
            Both,
            &[("traceparent", "hop"), ("ce-traceparent", "own")],
            "",
            Has(json!({"attributes": {"traceparent": "own"}})),
        ),
    ]
}

fn pushes() -> Vec<Row> {
    const FALLBACK: &str = "/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING";
    const EVENT: &str = r#""messageId":"9","attributes":{"ce-id":"1","ce-source":"/s","ce-specversion":"1.0","ce-type":"t","ce-subject":"documents/a/b "}"#;
    const LIKE_A_PUSH: &str = r#"{"message":{"messageId":"9"},"subscription":"s"}"#;
    let message = || Has(json!({"trigger": "topic", "id": "9"}));
    vec![
        binary(
            31,
            Gcp,
            &[("content-type", "application/json")],
            LIKE_A_PUSH,
            Has(json!({"type": "t", "id": "1", "data": {"message": {"messageId": "9"}, "subscription": "s"}})),
        ),
        push(32, "/", r#""messageId":"9","data":"aGk=""#, Has(json!({"trigger": "topic", "time": null, "data": "hi"}))),
        push(
            33,
            "/",
            r#""messageId":"9","attributes":{"a":"b"}"#,
            Has(json!({"trigger": "topic", "data": null, "attributes": {"a": "b"}})),
        ),
        push(34, "/", r#""messageId":"9","message_id":"9","data":"aGk=""#, message()),
        push(34, "/", r#""message_id":"9","data":"aGk=","messageId":"9""#, message()),
        push(34, "/", r#""message_id":"9","data":"aGk=""#, message()),
        push(35, "/", r#""messageId":"9","data":"%%%""#, Refused("message.data")),
        json_body(36, r#"{"message":{"messageId":"9","data":"aGk="}}"#, Want::Request),
        push(37, "/", r#""messageId":"9","attributes":{"eventType":"ORDER","bucketId":"b","objectId":"o"}"#, message()),
        push(38, FALLBACK, EVENT, Has(json!({"trigger": "event", "id": "1", "subject": "documents/a/b "}))),
        push(
            38,
            FALLBACK,
            &EVENT.replace(r#""ce-type":"t""#, r#""ce-type":"google.cloud.firestore.document.v1.deleted""#),
            Has(json!({"change": {"action": "deleted", "collection": "a", "key": "b "}})),
        ),
        push(39, "/", EVENT, message()),
        push(39, FALLBACK, &EVENT.replace("ce-specversion", "ce-version"), message()),
    ]
}

fn objects() -> Vec<Row> {
    const STORED: [(&str, &str); 4] = [
        ("ce-type", "google.cloud.storage.object.v1.finalized"),
        ("ce-source", "//storage.googleapis.com/projects/_/buckets/b"),
        ("ce-subject", "objects/n"),
        ("content-type", "application/json"),
    ];
    let named = |key: &str| Has(json!({"object": {"action": "created", "bucket": "b", "key": key}}));
    let notified = r#""attributes":{"eventType":"OBJECT_FINALIZE","bucketId":"b","objectId":"a+b %20#1.txt"}"#;
    let legacy = |resource: &str| {
        format!(
            r#"{{"data":{{"bucket":"b","name":"f.txt"}},"eventId":"1","eventType":"google.storage.object.finalize","resource":"{resource}"}}"#
        )
    };
    vec![
        binary(40, Gcp, &STORED, r#"{"bucket":"b","name":"a+b %20#1.txt"}"#, named("a+b %20#1.txt")),
        push(40, "/", notified, named("a+b %20#1.txt")),
        json_body(41, legacy("projects/_/buckets/b/objects/f.txt#1588778055917163"), Has(json!({"subject": "objects/f.txt"}))),
        json_body(41, legacy("projects/_/buckets/b/objects/#1/f.txt"), Has(json!({"subject": "objects/#1/f.txt"}))),
        binary(
            42,
            Gcp,
            &STORED,
            r#"{"bucket":"b","name":"n","generation": 96883251,"size":"352"}"#,
            Has(json!({"object": {"action": "created", "bucket": "b", "key": "n", "version": "96883251", "size": 352}})),
        ),
        row(
            43,
            Gcp,
            "/",
            &[("x-cloudscheduler", "true"), ("x-cloudscheduler-jobname", "j")],
            "",
            Has(json!({"schedule": {"name": "j"}, "time": null})),
        ),
        json_body(
            49,
            r#"{"data":{},"eventId":"1","eventType":"providers/google.firebase.database/eventTypes/ref.write","resource":"projects/_/instances/i/refs/a"}"#,
            Refused("domain"),
        ),
    ]
}

fn parts(row: &Row) -> Parts {
    let method = if matches!(row.want, Has(ref event) if event.get("http").is_some()) { "GET" } else { "POST" };
    let request = Request::builder().method(method).uri(row.path);
    row.headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap().into_parts().0
}

fn check(row: &Row, decoded: Result<Vec<Event>, DecodeError>, host: &str) {
    let what = format!("row {} on {host}: {:?} {}", row.number, row.headers, row.body);
    let event = match (decoded, &row.want) {
        (Ok(events), Has(_) | Says(_) | Want::Request) => events.into_iter().next().unwrap(),
        (Err(error), Refused(path)) => return assert_eq!(error.path(), *path, "{what}"),
        (Err(error), Unsupported) => return assert!(error.is_unsupported_format(), "{what}"),
        (decoded, _) => panic!("{what}: {decoded:?}"),
    };
    match &row.want {
        Has(members) => {
            let json = serde_json::to_value(&event).unwrap();
            for (name, want) in members.as_object().unwrap() {
                match (&json[name], want) {
                    // A request has more than these.
                    (Value::Object(have), Value::Object(want)) if name == "http" => {
                        want.iter().for_each(|(name, want)| assert_eq!(have.get(name), Some(want), "{what}"));
                    }
                    (have, want) => assert_eq!(have, want, "{what}: {name}"),
                }
            }
        }
        Says(text) => assert!(serde_json::to_string(&event).unwrap().contains(text), "{what}"),
        _ => assert!(event.http().is_some(), "{what}"),
    }
}

fn rows() -> Vec<Row> {
    [paths(), modes(), header_values(), data(), pushes(), objects()].into_iter().flatten().collect()
}

#[test]
fn each_delivery_is_what_its_row_says() {
    for row in rows() {
        let (parts, body) = (parts(&row), Bytes::from(row.body.clone()));
        if row.on != Container {
            check(&row, gcp::decode(&parts, &body), "gcp");
        }
        if row.on != Gcp {
            check(&row, container::decode(&parts, &body), "container");
        }
    }
}

#[test]
fn each_row_of_a_delivery_is_there() {
    let have: BTreeSet<_> = rows().iter().map(|row| row.number).collect();
    assert_eq!(have, (4..=43).chain([49]).collect());
}
