//! What deliveries of messages, ticks and changes can look like at their edges.

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    DecodeError, Event, Trigger,
    azure::{Bindings, Declaration, Mode, decode},
    event::Kind,
};
use serde_json::{Value, json};

use crate::wire::printed;

/// A function `F` with this trigger.
pub(crate) fn declared(trigger: &str, kind: Kind) -> Declaration {
    Declaration::new("F", kind, Bindings::read(format!("[{trigger}]").as_bytes()).unwrap())
}

/// Decodes a delivery of invocation `i1`.
pub(crate) fn delivered(function: &Declaration, body: impl Into<Bytes>) -> Result<Vec<Event>, DecodeError> {
    let (parts, ()) = Request::post("/F").header("X-Azure-Functions-InvocationId", "i1").body(()).unwrap().into_parts();
    decode(&parts, &body.into(), function, Mode::Json, "api")
}

fn events(trigger: &str, body: &Value) -> Result<Vec<Event>, DecodeError> {
    delivered(&declared(trigger, Kind::Object), body.to_string())
}

fn error(trigger: &str, body: &Value) -> String {
    events(trigger, body).unwrap_err().to_string()
}

const TEXT: &str = r#"{"type":"queueTrigger","name":"item","queueName":"orders"}"#;
const BINARY: &str = r#"{"type":"queueTrigger","name":"item","queueName":"orders","dataType":"Binary"}"#;
const BUS: &str = r#"{"type":"serviceBusTrigger","name":"msg","queueName":"q"}"#;
const BUS_MANY: &str = r#"{"type":"serviceBusTrigger","name":"msg","queueName":"q","cardinality":"many","dataType":"string"}"#;
const HUB: &str = r#"{"type":"eventHubTrigger","name":"event","eventHubName":"h"}"#;
const KAFKA: &str = r#"{"type":"kafkaTrigger","name":"event","topic":"t","dataType":"string"}"#;
const KAFKA_BINARY: &str = r#"{"type":"kafkaTrigger","name":"event","topic":"t","dataType":"binary"}"#;
const GRID: &str = r#"{"type":"eventGridTrigger","name":"event"}"#;
const BLOB: &str = r#"{"type":"blobTrigger","name":"blob","path":"in/{name}"}"#;
const TIMER: &str = r#"{"type":"timerTrigger","name":"timer","schedule":"0 0 5 * * *"}"#;
const COSMOS: &str = r#"{"type":"cosmosDBTrigger","name":"docs","collectionName":"orders"}"#;

/// A text as the host writes it: the JSON text of it, in a string.
fn doubled(text: &str) -> String {
    Value::from(text).to_string()
}

/// One Storage queue message with these facts.
fn message(text: &str, metadata: Value) -> Event {
    events(TEXT, &json!({"Data": {"item": doubled(text)}, "Metadata": metadata})).unwrap().remove(0)
}

#[test]
fn a_text_has_exactly_two_levels() {
    for (value, data) in [
        (r#""hello""#, Some("hello")),
        (r#""\"q\"""#, Some("\"q\"")),
        (r#""""#, None),
        (r#""42""#, Some("42")),
        (r#""null""#, Some("null")),
        (r#""aGVsbG8=""#, Some("aGVsbG8=")),
        (r#""[1,2]""#, Some("[1,2]")),
    ] {
        let event = events(TEXT, &json!({"Data": {"item": value}, "Metadata": {"Id": "\"m\""}})).unwrap().remove(0);
        assert_eq!(event.data().map(|data| std::str::from_utf8(data).unwrap()), data, "{value}");
        assert_eq!(event.id(), "m");
    }
}

#[test]
fn bytes_have_one_level_even_where_they_look_like_json() {
    for (value, data) in
        [("1234", &[0xd7, 0x6d, 0xf8][..]), ("true", &[0xb6, 0xbb, 0x9e]), ("null", &[0x9e, 0xe9, 0x65]), ("MTIz", b"123")]
    {
        let event = events(BINARY, &json!({"Data": {"item": value}})).unwrap().remove(0);
        assert_eq!(&event.data().unwrap()[..], data, "{value}");
    }
    let event = events(BINARY, &json!({"Data": {"item": "MTIz"}})).unwrap();
    assert_eq!(printed(&event)[0]["data"], "123");
}

#[test]
fn another_form_than_the_declared_one_is_an_error_that_names_the_binding() {
    for (trigger, value) in [
        (TEXT, json!("aGVsbG8=")),
        (TEXT, json!("hello")),
        (TEXT, json!("42")),
        (TEXT, json!(42)),
        (TEXT, json!({"a": 1})),
        (TEXT, json!(null)),
        (BINARY, json!("\"x\"")),
        (BINARY, json!("AAE")),
        (BINARY, json!(1234)),
    ] {
        let error = error(trigger, &json!({"Data": {"item": value}}));
        assert!(error.starts_with("Data.item: expected ") && error.contains("dataType"), "{value}: {error}");
    }
    for (trigger, name) in
        [(BUS_MANY, "msg"), (BLOB, "blob"), (TIMER, "timer"), (COSMOS, "docs"), (GRID, "event"), (KAFKA, "event")]
    {
        for value in [json!("\"one text\""), json!(7), json!(null), json!([])] {
            let error = error(trigger, &json!({"Data": {name: value}}));
            assert!(error.starts_with(&format!("Data.{name}: expected ")), "{trigger} {value}: {error}");
        }
    }
}

#[test]
fn a_message_hides_the_facts_it_has_written_over() {
    for (text, metadata, id, attempt) in [
        (r#"{"id":"42"}"#, json!({"Id": "\"42\"", "DequeueCount": "2"}), "i1", 2),
        (r#"{"id":{"v":1}}"#, json!({"Id": {"v": 1}}), "i1", 1),
        (r#"{"dequeueCount":"7"}"#, json!({"Id": "\"m\"", "DequeueCount": "\"7\""}), "m", 1),
        (r#"{"order":{"id":"42"}}"#, json!({"Id": "\"m\"", "order": {"id": "42"}}), "m", 1),
        (r#"{"id":null,"dequeueCount":[1]}"#, json!({"Id": "\"m\"", "DequeueCount": "3"}), "m", 3),
        ("{id:'42'}", json!({"Id": "\"42\""}), "i1", 1),
        (r#"{"sys":"x"}"#, json!({"Id": "\"m\"", "sys": "\"x\""}), "m", 1),
        ("[1,2]", json!({"Id": "\"m\""}), "m", 1),
        (" \n{\"ID\": true} ", json!({"Id": "\"True\""}), "i1", 1),
    ] {
        let event = message(text, metadata);
        assert_eq!((event.id(), event.attempt()), (id, attempt), "{text}");
        assert_eq!(event.data().unwrap(), text);
    }
}

#[test]
fn bytes_write_over_nothing() {
    let body = json!({"Data": {"item": "eyJpZCI6IjQyIn0="}, "Metadata": {"Id": "\"m\""}});
    let event = events(BINARY, &body).unwrap().remove(0);
    assert_eq!((event.id(), event.data().unwrap().as_ref()), ("m", br#"{"id":"42"}"#.as_slice()));
}

#[test]
fn facts_are_read_as_every_host_has_written_them() {
    for count in [json!("4"), json!(4), json!("\"4\"")] {
        assert_eq!(message("x", json!({"DequeueCount": count})).attempt(), 4, "{count}");
    }
    for count in [json!("0"), json!("-1"), json!("99999999999"), json!({}), json!("x"), json!(null)] {
        assert_eq!(message("x", json!({"DequeueCount": count})).attempt(), 1, "{count}");
    }
    for id in ["\"00012\"", "00012"] {
        assert_eq!(message("x", json!({"Id": id})).id(), "00012");
    }
    for (time, want) in [
        (json!("2025-02-18T03:06:19+00:00"), Some("2025-02-18T03:06:19Z")),
        (json!("\"2025-02-18T03:06:19+00:00\""), Some("2025-02-18T03:06:19Z")),
        (json!("2025-02-18T03:06:19+01:00"), Some("2025-02-18T02:06:19Z")),
        (json!("2025-02-18T03:06:19"), Some("2025-02-18T03:06:19Z")),
        (json!("0001-01-01T00:00:00"), Some("0001-01-01T00:00:00Z")),
        (json!("9999-12-31T23:59:59+00:00"), None),
        (json!("soon"), None),
        (json!([]), None),
    ] {
        let event = message("x", json!({"InsertionTime": time}));
        assert_eq!(event.time().map(|time| time.to_string()).as_deref(), want, "{time}");
    }
}

#[test]
fn a_batch_has_one_fact_for_each_message() {
    let batch = |ids: &str| json!({"Data": {"msg": "[\"a\",\"b\"]"}, "Metadata": {"MessageIdArray": ids}});
    for ids in ["[\"1\"]", "[\"1\",\"2\",\"3\"]", "{}", "7"] {
        let error = error(BUS_MANY, &batch(ids));
        assert!(error.starts_with("Metadata.MessageIdArray: "), "{ids}: {error}");
    }
    let ids: Vec<_> = events(BUS_MANY, &batch("[\"a\",null]")).unwrap().iter().map(|event| event.id().to_owned()).collect();
    assert_eq!(ids, ["a", "i1/1"]);
    let error = error(BUS_MANY, &json!({"Data": {"msg": "[\"a\",{}]"}}));
    assert_eq!(error, "Data.msg[1]: expected text (dataType string)");
}

#[test]
fn a_batch_without_a_data_type_is_of_json_values() {
    let trigger = r#"{"type":"serviceBusTrigger","name":"msg","queueName":"q","cardinality":"many"}"#;
    let events = events(trigger, &json!({"Data": {"msg": r#"[{"n":9007199254740993},[1],"t",5]"#}})).unwrap();
    let data: Vec<_> = events.iter().map(|event| event.data().unwrap().clone()).collect();
    assert_eq!(data, [r#"{"n":9007199254740993}"#, "[1]", "\"t\"", "5"]);
}

#[test]
fn service_bus_properties_and_sequence_keep_what_they_say() {
    let metadata = json!({
        "Client": {"FullyQualifiedNamespace": "ns.servicebus.windows.net"}, "MessageId": "\"7\"", "SequenceNumber": "9223372036854775807",
        "UserProperties": {"tenant": "a", "n": 3, "none": null, "list": [1, "x"]}, "Label": "\"s\"", "SessionId": "\"g\"",
    });
    let body = json!({"Data": {"msg": doubled("x")}, "Metadata": metadata});
    let found = printed(&events(BUS, &body).unwrap());
    assert_eq!(found[0]["queue"], json!({"name": "q", "group": "g", "sequence": "9223372036854775807"}));
    assert_eq!(found[0]["attributes"], json!({"tenant": "a", "n": "3", "list": "[1,\"x\"]"}));
    assert_eq!((&found[0]["id"], &found[0]["source"]), (&json!("7"), &json!("sb://ns.servicebus.windows.net/q")));

    let topic = r#"{"type":"serviceBusTrigger","name":"msg","topicName":"t","subscriptionName":"s"}"#;
    let found = printed(&events(topic, &body).unwrap());
    assert_eq!(found[0]["topic"], json!({"name": "t", "subject": "s", "ordering_key": "g"}));
}

#[test]
fn a_hubs_facts_come_from_the_system_properties_first() {
    let metadata = |sequence: &str, offset: Value| {
        json!({
            "PartitionContext": {"FullyQualifiedNamespace": "ns", "EventHubName": "h", "PartitionId": "1"}, "SequenceNumber": sequence,
            "Offset": offset, "EnqueuedTimeUtc": "2024-05-01T10:00:00",
            "SystemProperties": {"SequenceNumber": 9_223_372_036_854_775_807_u64, "EnqueuedTimeUtc": "2024-05-01T10:00:00.123", "PartitionKey": null},
        })
    };
    for (text, sequence, offset) in [(r#"{"SequenceNumber":5}"#, "\"5\"", json!("120")), ("x", "7", json!("\"120\""))] {
        let body = json!({"Data": {"event": doubled(text)}, "Metadata": metadata(sequence, offset)});
        let event = events(HUB, &body).unwrap().remove(0);
        let Trigger::Stream(stream) = event.trigger() else { panic!("{event:?}") };
        assert_eq!(stream.sequence.as_deref(), Some("9223372036854775807"), "{text}");
        assert_eq!((event.id(), event.source()), ("h/1/9223372036854775807", "sb://ns/h"));
        assert_eq!(event.time().unwrap().to_string(), "2024-05-01T10:00:00.123Z");
    }
    let hidden = json!({"Data": {"event": doubled(r#"{"systemProperties":{"SequenceNumber":1}}"#)}, "Metadata": metadata("7", json!("1"))});
    let event = events(HUB, &hidden).unwrap().remove(0);
    assert_eq!(event.id(), "h/1/7");
}

#[test]
fn a_kafka_record_is_taken_out_of_its_envelope_once() {
    let inner = r#"{"Offset":1,"Partition":2,"Topic":"x","Value":"y"}"#;
    let envelope = json!({
        "Offset": 42, "Partition": 3, "Topic": "t", "Timestamp": "2024-05-01T10:00:00.123Z", "Value": inner, "Key": null,
        "Headers": [{"Key": "a", "Value": "djE="}, {"Key": "b", "Value": "/w=="}],
    });
    let found = printed(&events(KAFKA, &json!({"Data": {"event": doubled(&envelope.to_string())}})).unwrap());
    assert_eq!((&found[0]["data"], &found[0]["id"]), (&json!(inner), &json!("t/3/42")));
    assert_eq!(found[0]["attributes"], json!({"a": "v1"}));
    assert_eq!(found[0]["stream"], json!({"name": "t", "partition": "3", "sequence": "42"}));
    assert!(
        error(KAFKA, &json!({"Data": {"event": doubled("no envelope")}}))
            .starts_with("Data.event: expected the text of an object")
    );
}

#[test]
fn a_kafka_record_of_bytes_has_its_facts_beside_it() {
    let headers = r#"[{"Key":"a","Value":"djE="}]"#;
    let one = json!({"Data": {"event": "AP8="}, "Metadata": {"Topic": "\"t\"", "Partition": "3", "Offset": "42", "Key": "\"k\"", "Headers": headers}});
    let found = printed(&events(KAFKA_BINARY, &one).unwrap());
    assert_eq!((&found[0]["data_base64"], &found[0]["attributes"]), (&json!("AP8="), &json!({"a": "v1"})));
    assert_eq!(found[0]["stream"], json!({"name": "t", "partition": "3", "partition_key": "k", "sequence": "42"}));

    let trigger = KAFKA_BINARY.replace('}', r#","cardinality":"many"}"#);
    let facts = json!({"PartitionArray": "[3,4]", "OffsetArray": "[42,43]", "KeyArray": "[\"k\",null]", "HeadersArray": format!("[{headers},[]]")});
    let many = json!({"Data": {"event": "[\"AP8=\",\"\"]"}, "Metadata": facts});
    let found = printed(&events(&trigger, &many).unwrap());
    assert_eq!((&found[0]["id"], &found[1]["id"]), (&json!("t/3/42"), &json!("t/4/43")));
    assert_eq!(
        (found[0].get("attributes"), found[1].get("attributes"), found[1].get("data")),
        (Some(&json!({"a": "v1"})), None, None)
    );
}

fn grid(event: &Value) -> Event {
    events(GRID, &json!({"Data": {"event": event}})).unwrap().remove(0)
}

#[test]
fn only_the_top_level_of_an_event_tells_its_schema() {
    let event = grid(&json!({"id": "1", "topic": "/t", "eventType": "A", "data": {"specversion": "1.0"}}));
    assert_eq!((event.ty(), event.source(), event.data().unwrap().as_ref()), ("A", "/t", br#"{"specversion":"1.0"}"#.as_slice()));
    let error = error(GRID, &json!({"Data": {"event": {"id": "1", "type": "A"}}}));
    assert!(error.starts_with("Data.event: ") && error.contains("`id`, `type`"), "{error}");
    let many = GRID.replace('}', r#","cardinality":"many"}"#);
    let mixed =
        json!([{"id": "1", "eventType": "A"}, {"specversion": "1.0", "id": "2", "source": "/s", "type": "B"}]).to_string();
    let types: Vec<_> =
        events(&many, &json!({"Data": {"event": mixed}})).unwrap().iter().map(|event| event.ty().to_owned()).collect();
    assert_eq!(types, ["A", "B"]);
}

#[test]
fn a_cloud_event_may_lack_all_but_its_name() {
    let event = grid(&json!({"specversion": "1.0", "id": "1", "source": "/s", "type": "a"}));
    assert_eq!((event.data(), event.time(), event.subject(), event.datacontenttype()), (None, None, None, None));
    let missing = json!({"Data": {"event": {"specversion": "1.0", "id": "1", "type": "a"}}});
    assert!(error(GRID, &missing).starts_with("Data.event.source: missing"));
    let event = grid(&json!({
        "specversion": "1.0", "id": "1", "source": "/s", "type": "a", "tenant": "x", "n": 5, "dataschema": "/d",
        "datacontenttype": "text/plain", "data": "\u{e9}",
    }));
    assert_eq!((event.attribute("tenant"), event.attribute("n"), event.dataschema()), (Some("x"), Some("5"), Some("/d")));
    assert_eq!(event.data().unwrap(), "\u{e9}");
    let event = grid(&json!({"specversion": "1.0", "id": "1", "source": "/s", "type": "a", "data_base64": "AP8="}));
    assert_eq!(&event.data().unwrap()[..], [0, 255]);
}

#[test]
fn news_of_a_blob_is_an_object_unless_the_function_takes_events() {
    let news = json!({"id": "1", "eventType": "Microsoft.Storage.BlobCreated", "data": {"contentLength": 5, "url": "https://a/in/x%20y"},
        "subject": "/blobServices/default/containers/in/blobs/blobs/containers/x"});
    let event = grid(&news);
    let Trigger::Object(object) = event.trigger() else { panic!("{event:?}") };
    assert_eq!((object.bucket.as_str(), object.key.as_str(), object.size), ("in", "blobs/containers/x", Some(5)));
    let mut by_url = news.clone();
    by_url["subject"] = json!("other");
    let event = grid(&by_url);
    let Trigger::Object(object) = event.trigger() else { panic!("{event:?}") };
    assert_eq!((object.bucket.as_str(), object.key.as_str()), ("in", "x y"));
    let custom = delivered(&declared(GRID, Kind::Event), json!({"Data": {"event": news}}).to_string()).unwrap().remove(0);
    assert_eq!((custom.trigger(), custom.ty()), (&Trigger::Event, "Microsoft.Storage.BlobCreated"));
    let renamed = grid(&json!({"id": "1", "eventType": "Microsoft.Storage.BlobRenamed", "data": {}}));
    assert_eq!(renamed.trigger(), &Trigger::Event);
}

#[test]
fn a_blobs_address_names_container_and_key() {
    let blob = |uri: &str, properties: Value| json!({"Data": {"blob": ""}, "Metadata": {"Uri": doubled(uri), "Properties": properties, "Metadata": {"a": "b"}}});
    for (uri, key) in [
        ("https://acct.blob.core.windows.net/in/dir%20x/100%25%20f%231+%C3%A9.txt", "dir x/100% f#1+\u{e9}.txt"),
        ("http://azurite:10000/devstoreaccount1/in/a", "a"),
        ("https://acct.blob.core.windows.net/in/in/in.txt", "in/in.txt"),
    ] {
        let found = printed(&events(BLOB, &blob(uri, json!({"ETag": {}, "Length": 0}))).unwrap());
        assert_eq!(found[0]["object"], json!({"action": "created", "bucket": "in", "key": key, "size": 0}), "{uri}");
        assert_eq!((found[0].get("data"), &found[0]["attributes"]), (None, &json!({"a": "b"})));
    }
    let found = printed(&events(BLOB, &blob("https://a/in/x", json!({"ETag": "e", "ContentLength": 7}))).unwrap());
    assert_eq!((&found[0]["object"]["etag"], &found[0]["object"]["size"]), (&json!("e"), &json!(7)));
    assert!(error(BLOB, &blob("https://a/out/x", json!({}))).starts_with("Metadata.Uri: "));
    assert!(error(BLOB, &json!({"Data": {"blob": ""}})).starts_with("Metadata.Uri: missing"));
}

#[test]
fn a_tick_may_lack_its_status() {
    let next = json!({"Next": "2024-05-01T05:00:00+00:00", "Last": "0001-01-01T00:00:00"});
    for (status, due) in [(json!(null), None), (next, Some("2024-05-01T05:00:00Z"))] {
        let timer = json!({"ScheduleStatus": status, "IsPastDue": false});
        for timer in [timer.clone(), json!(timer.to_string())] {
            let body = json!({"Data": {"timer": timer}, "Metadata": {"RetryContext": {"RetryCount": 1}}});
            let event = events(TIMER, &body).unwrap().remove(0);
            let Trigger::Schedule(schedule) = event.trigger() else { panic!("{event:?}") };
            assert_eq!(schedule.scheduled_for.map(|time| time.to_string()).as_deref(), due);
            assert_eq!((schedule.name.as_deref(), event.attempt(), event.data()), (Some("F"), 2, None));
        }
    }
}

#[test]
fn documents_come_three_levels_deep() {
    let docs = |array: &str| json!({"Data": {"docs": doubled(array)}});
    assert_eq!(events(COSMOS, &docs("[]")).unwrap(), []);
    assert!(error(COSMOS, &docs("{}")).starts_with("Data.docs: expected"));
    assert!(error(COSMOS, &docs("[5]")).starts_with("Data.docs[0]: expected a document"));
    assert!(error(COSMOS, &json!({"Data": {"docs": "[]"}})).starts_with("Data.docs: expected"));
    let all = events(COSMOS, &docs(r#"[{"id":"a","n":18446744073709551615,"_ts":1714557600,"_lsn":11},{"id":"b","_ts":1},{"big":184467440737095516150}]"#)).unwrap();
    let ids: Vec<_> = all.iter().map(Event::id).collect();
    assert_eq!(ids, ["orders/a/11", "orders/b/1", "i1/2"]);
    let Trigger::Change(change) = all[0].trigger() else { panic!("{all:?}") };
    assert_eq!(change.after.as_deref(), Some(r#"{"id":"a","n":18446744073709551615,"_ts":1714557600,"_lsn":11}"#));
    assert_eq!((change.key.as_deref(), change.collection.as_deref()), (Some("\"a\""), Some("orders")));
    assert_eq!(all[0].time().unwrap().to_string(), "2024-05-01T10:00:00Z");
    let Trigger::Change(change) = all[2].trigger() else { panic!("{all:?}") };
    assert_eq!(change.after.as_deref(), Some(r#"{"big":"184467440737095516150"}"#));
}

#[test]
fn a_broken_envelope_is_an_error_and_never_a_panic() {
    for body in [r#"{"Data":[]}"#, r#"{"Data":"x"}"#, r#"{"Metadata":{}}"#, "[]", "", r#"{"Data":{"item":"\"x\""}} {}"#] {
        assert!(delivered(&declared(TEXT, Kind::Queue), body.to_owned()).is_err(), "{body}");
    }
    assert!(delivered(&declared(TEXT, Kind::Queue), b"{\"Data\":{\"item\":\"\\\"\xff\\\"\"}}".to_vec()).is_err());
    let error = error(TEXT, &json!({"Data": {"Item": "\"x\"", "other": 1}}));
    assert!(error.starts_with("Data.item: missing") && error.contains("`Item`, `other`"), "{error}");
    let event = events(TEXT, &json!({"Data": {"item": "\"x\""}, "Metadata": null})).unwrap().remove(0);
    assert_eq!((event.id(), event.attempt()), ("i1", 1));
}
