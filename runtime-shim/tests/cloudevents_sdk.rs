//! Events to and from the crate `cloudevents-sdk`.
#![cfg(all(feature = "cloudevents-sdk", feature = "container"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use cloudevents::{AttributesReader, AttributesWriter, Data, EventBuilder, EventBuilderV03, EventBuilderV10};
use polyfn_shim::{
    Event, Provider, Trigger,
    cloudevents::CloudEvent,
    event::{Queue, Time},
};
use proptest::{collection::btree_map, option, prelude::*};
use serde_json::json;

fn ours() -> CloudEvent {
    CloudEvent {
        id: "7".into(),
        source: "/library/returns".into(),
        ty: "library.book.returned".into(),
        subject: Some("Ulysses".into()),
        time: Time::parse("2026-11-26T09:00:00.123456789Z"),
        datacontenttype: Some("application/json; charset=utf-8".into()),
        dataschema: Some("https://library.example/returned.json".into()),
        extensions: vec![("branch".into(), "north".into()), ("late".into(), "true".into())],
        data: Some(r#"{"copies": 12345678901234567890123}"#.into()),
    }
}

#[test]
fn each_attribute_arrives() {
    let theirs = cloudevents::Event::try_from(ours()).unwrap();
    assert_eq!((theirs.id(), theirs.source().as_str(), theirs.ty()), ("7", "/library/returns", "library.book.returned"));
    assert_eq!(theirs.subject(), Some("Ulysses"));
    assert_eq!(theirs.time().unwrap().to_rfc3339(), "2026-11-26T09:00:00.123456789+00:00");
    assert_eq!(theirs.datacontenttype(), Some("application/json; charset=utf-8"));
    assert_eq!(theirs.dataschema().unwrap().as_str(), "https://library.example/returned.json");
    assert_eq!(theirs.extension("late"), Some(&"true".into()));
    // Every digit is there: nothing was parsed.
    assert_eq!(theirs.data(), Some(&Data::Binary(br#"{"copies": 12345678901234567890123}"#.to_vec())));
    assert_eq!(CloudEvent::try_from(theirs).unwrap(), ours());
}

#[test]
fn an_event_without_data_has_none_and_keeps_its_schema() {
    let event = CloudEvent { data: None, datacontenttype: None, ..ours() };
    let theirs = cloudevents::Event::try_from(event.clone()).unwrap();
    assert_eq!((theirs.data(), theirs.datacontenttype()), (None, None));
    assert_eq!(CloudEvent::try_from(theirs).unwrap(), event);
}

#[test]
fn what_they_have_becomes_text_and_bytes() {
    let theirs = EventBuilderV10::new().id("1").source("/a").ty("t").extension("n", -5).extension("flag", true);
    let mut theirs = theirs.data("text/plain", "hi".to_owned()).build().unwrap();
    let event = CloudEvent::try_from(theirs.clone()).unwrap();
    assert_eq!(event.extensions, [("flag".to_owned(), "true".to_owned()), ("n".to_owned(), "-5".to_owned())]);
    assert_eq!((event.datacontenttype.as_deref(), event.data.as_deref()), (Some("text/plain"), Some(&b"hi"[..])));
    // JSON that does not say so is JSON all the same.
    theirs.set_datacontenttype(None::<String>);
    theirs.set_data_unchecked(json!({ "n": 1 }));
    let event = CloudEvent::try_from(theirs).unwrap();
    assert_eq!((event.datacontenttype.as_deref(), event.data.as_deref()), (Some("application/json"), Some(&br#"{"n":1}"#[..])));
}

#[test]
fn an_event_of_the_older_version_is_read_too() {
    let older = EventBuilderV03::new().id("1").source("/a").ty("t");
    let older = older.data_with_schema("application/json", "https://a.example/s", json!(1)).build().unwrap();
    let event = CloudEvent::try_from(older).unwrap();
    assert_eq!((event.id.as_str(), event.dataschema.as_deref()), ("1", Some("https://a.example/s")));
}

#[test]
fn what_the_other_side_cannot_hold_is_named() {
    for (event, path) in [
        (CloudEvent { dataschema: Some("../relative".into()), ..ours() }, "dataschema"),
        (CloudEvent { source: String::new(), ..ours() }, "source"),
        (CloudEvent { time: Time::from_seconds(-100_000_000_000), ..ours() }, "time"),
    ] {
        assert_eq!(cloudevents::Event::try_from(event).unwrap_err().path(), path);
    }
    // Names are compared in lower case, and of two that are the same the second is refused.
    for (name, path) in [("data", "data"), ("id", "id"), ("Late", "late")] {
        let mut theirs = cloudevents::Event::try_from(ours()).unwrap();
        theirs.set_extension(name, "x");
        assert_eq!(CloudEvent::try_from(theirs).unwrap_err().path(), path);
    }
    let mut theirs = cloudevents::Event::try_from(ours()).unwrap();
    theirs.set_id("");
    assert_eq!(CloudEvent::try_from(theirs).unwrap_err().path(), "id");
}

#[test]
fn an_event_of_any_source_is_a_cloud_event_and_a_request_is_none() {
    let queue = Queue { name: Some("orders".into()), group: Some("g".into()), sequence: None };
    let event = Event::new(Provider::Aws, Trigger::Queue(queue)).with_id("1").with_source("arn:aws:sqs:eu-central-1:1:orders");
    let theirs = cloudevents::Event::try_from(&event.with_attempt(2).with_data("{}", Some("application/json"))).unwrap();
    assert_eq!((theirs.ty(), theirs.source().as_str()), ("polyfn.queue.message", "arn:aws:sqs:eu-central-1:1:orders"));
    for (name, value) in [("queue", "orders"), ("group", "g"), ("attempt", "2")] {
        assert_eq!(theirs.extension(name), Some(&value.into()), "{name}");
    }
    let request = Event::new(Provider::Aws, Trigger::Http(Box::default()));
    assert_eq!(cloudevents::Event::try_from(request).unwrap_err().path(), "trigger");
}

/// An event whose every value `cloudevents-sdk` can hold; it writes times with 0, 3, 6 or 9 digits.
fn any_event() -> impl Strategy<Value = CloudEvent> {
    let time = (0_i64..253_402_300_799_000)
        .prop_map(|millis| Time::from_millis(if millis % 1_000 == 0 { millis + 1 } else { millis }).unwrap());
    let extension = "[a-z0-9]{1,20}".prop_filter("the name of another attribute", |name| {
        let taken = ["id", "source", "type", "specversion", "subject", "time", "datacontenttype", "dataschema", "data"];
        !taken.contains(&name.as_str())
    });
    let required = (".{1,20}", ".{1,20}", ".{1,20}");
    let optional = (option::of(".{0,20}"), option::of(time), option::of(".{0,20}"), option::of("https://[a-z]{1,9}/[a-z]{0,9}"));
    let rest = (btree_map(extension, ".{0,20}", 0..4), option::of(any::<Vec<u8>>()));
    (required, optional, rest).prop_map(|((id, source, ty), (subject, time, datacontenttype, dataschema), (extensions, data))| {
        CloudEvent {
            id,
            source,
            ty,
            subject,
            time,
            datacontenttype,
            dataschema,
            extensions: extensions.into_iter().collect(),
            data: data.map(Into::into),
        }
    })
}

proptest! {
    #[test]
    fn there_and_back_nothing_is_lost(event in any_event()) {
        let theirs = cloudevents::Event::try_from(event.clone()).unwrap();
        prop_assert_eq!(CloudEvent::try_from(theirs.clone()).unwrap(), event.clone());
        // And the other way round.
        prop_assert_eq!(cloudevents::Event::try_from(CloudEvent::try_from(theirs.clone()).unwrap()).unwrap(), theirs);
    }
}
