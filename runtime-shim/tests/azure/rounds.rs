//! Events of every trigger through `local::azure` and back.

use bytes::Bytes;
use polyfn_shim::{
    Event, Provider, Trigger,
    azure::{Declaration, Mode, decode},
    event::{Action, Change, Kind, Object, Queue, Schedule, Stream, Time, Topic},
    local,
};
use proptest::{collection::vec, option, prelude::*};

use crate::events::{declared, delivered};

fn function(ty: &str, name: &str, rest: &str) -> Declaration {
    declared(&format!(r#"{{"type":"{ty}","name":"{name}"{rest}}}"#), Kind::Object)
}

/// The events again, without the bytes of the delivery.
fn round(events: &[Event], function: &Declaration) -> Vec<Event> {
    let (parts, body) = local::azure::batch(events, function).unwrap().into_parts();
    let back = decode(&parts, &body, function, Mode::Json, "api").unwrap();
    assert!(back.iter().all(|event| *event.raw() == body));
    back.into_iter().map(|event| event.with_raw(Bytes::new())).collect()
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    // A text in braces may write over the facts.
    "(|[^{ \\s]\\PC{0,30}|\\[\\PC{0,10})".prop_map(String::into_bytes)
}

/// The data of a message, and whether the binding says binary.
fn data() -> impl Strategy<Value = (Vec<u8>, bool)> {
    prop_oneof![text().prop_map(|data| (data, false)), vec(any::<u8>(), 0..30).prop_map(|data| (data, true))]
}

fn seconds() -> impl Strategy<Value = Option<Time>> {
    option::of((0_i64..4_000_000_000).prop_map(|seconds| Time::from_seconds(seconds).unwrap()))
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Zé\"\\\\ /._-]{1,12}"
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    // The host's object has one value for a name; here they come in the order of their names.
    proptest::collection::btree_map("[a-z]{1,6}", "\\PC{0,8}", 0..4).prop_map(|map| map.into_iter().collect())
}

fn attributed(event: Event, attributes: Vec<(String, String)>) -> Event {
    attributes.into_iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
}

fn form(binary: bool, many: bool) -> String {
    let (ty, cardinality) = (if binary { "binary" } else { "string" }, if many { "many" } else { "one" });
    format!(r#","dataType":"{ty}","cardinality":"{cardinality}""#)
}

const BUS: &str = "sb://ns.servicebus.windows.net/orders";

fn bus_queue(data: Vec<u8>) -> impl Strategy<Value = Event> {
    (word(), option::of(word()), any::<u64>(), 1..9_u32, seconds(), attributes(), option::of("[a-z]{2}/[a-z]{2}")).prop_map(
        move |(id, group, sequence, attempt, time, pairs, media_type)| {
            let queue = Queue { name: Some("orders".into()), group, sequence: Some(sequence.to_string()) };
            let event = Event::new(Provider::Azure, Trigger::Queue(queue)).with_id(id).with_source(BUS);
            attributed(event.with_attempt(attempt).with_time(time).with_data(data.clone(), media_type.as_deref()), pairs)
        },
    )
}

fn bus_topic(data: Vec<u8>) -> impl Strategy<Value = Event> {
    (word(), option::of(word()), option::of(word()), 1..9_u32, seconds(), attributes()).prop_map(
        move |(id, subject, ordering_key, attempt, time, pairs)| {
            let topic = Topic { name: Some("orders".into()), subject, ordering_key };
            let event = Event::new(Provider::Azure, Trigger::Topic(topic)).with_id(id).with_source(BUS);
            attributed(event.with_attempt(attempt).with_time(time).with_data(data.clone(), None), pairs)
        },
    )
}

fn record(data: Vec<u8>, kafka: bool) -> impl Strategy<Value = Event> {
    (option::of(word()), any::<u64>(), seconds(), attributes()).prop_map(move |(partition_key, sequence, time, pairs)| {
        let sequence = sequence.to_string();
        let id = format!("h/3/{sequence}");
        let stream = Stream { name: Some("h".into()), partition: Some("3".into()), partition_key, sequence: Some(sequence) };
        let source = if kafka { "h" } else { "sb://ns/h" };
        let event = Event::new(Provider::Azure, Trigger::Stream(stream)).with_id(id).with_source(source);
        attributed(event.with_time(time).with_data(data.clone(), None), pairs)
    })
}

proptest! {
    #[test]
    fn storage_queue((data, binary) in data(), id in word(), attempt in 1..9_u32, time in seconds()) {
        let queue = Queue { name: Some("orders".into()), ..Queue::default() };
        let event = Event::new(Provider::Azure, Trigger::Queue(queue)).with_id(id).with_source("orders");
        let event = event.with_attempt(attempt).with_time(time).with_data(data, None);
        let function = function("queueTrigger", "item", &format!(r#","queueName":"orders"{}"#, form(binary, false)));
        prop_assert_eq!(round(std::slice::from_ref(&event), &function), [event]);
    }

    #[test]
    fn a_text_that_leaks_keeps_its_data(name in "(id|Id|ID|dequeueCount|insertionTime|x)", value in "(1|\"a\"|true|null|\\{\\}|\\[1\\])") {
        let text = format!("{{{}:{value}}}", serde_json::Value::from(name.as_str()));
        let event = Event::new(Provider::Azure, Trigger::Queue(Queue::default())).with_id("m").with_attempt(3).with_data(text, None);
        let function = function("queueTrigger", "item", "");
        let back = round(std::slice::from_ref(&event), &function).remove(0);
        prop_assert_eq!(back.data(), event.data());
        let leaks = !matches!(value.as_str(), "null" | "[1]");
        // Local's invocation id is the event's, so only the count tells.
        prop_assert_eq!(back.attempt(), if leaks && name == "dequeueCount" { 1 } else { 3 });
    }

    #[test]
    fn service_bus_queue((event, binary) in data().prop_flat_map(|(data, binary)| (bus_queue(data), Just(binary)))) {
        let function = function("serviceBusTrigger", "msg", &format!(r#","queueName":"orders"{}"#, form(binary, false)));
        prop_assert_eq!(round(std::slice::from_ref(&event), &function), [event]);
    }

    #[test]
    fn service_bus_queue_many(events in vec(text().prop_flat_map(bus_queue), 1..4), binary: bool) {
        let function = function("serviceBusTrigger", "msg", &format!(r#","queueName":"orders"{}"#, form(binary, true)));
        prop_assert_eq!(round(&events, &function), events);
    }

    #[test]
    fn service_bus_topic(events in vec(text().prop_flat_map(bus_topic), 1..4), binary: bool, many: bool) {
        let events = if many { events } else { events[..1].to_vec() };
        let function = function("serviceBusTrigger", "msg", &format!(r#","topicName":"orders"{}"#, form(binary, many)));
        prop_assert_eq!(round(&events, &function), events);
    }

    #[test]
    fn event_hubs(events in vec(text().prop_flat_map(|data| record(data, false)), 1..4), binary: bool, many: bool) {
        let events = if many { events } else { events[..1].to_vec() };
        let function = function("eventHubTrigger", "event", &format!(r#","eventHubName":"h"{}"#, form(binary, many)));
        prop_assert_eq!(round(&events, &function), events);
    }

    #[test]
    fn kafka(events in vec(text().prop_flat_map(|data| record(data, true)), 1..4), binary: bool, many: bool) {
        let events = if many { events } else { events[..1].to_vec() };
        let function = function("kafkaTrigger", "event", &format!(r#","topic":"h"{}"#, form(binary, many)));
        prop_assert_eq!(round(&events, &function), events);
    }

    #[test]
    fn event_grid(
        id in word(), ty in "[A-Z][a-z.]{1,8}", subject in option::of(word()), time in seconds(), pairs in attributes(), attempt in 1..4_u32,
        data in option::of(prop_oneof![
            Just((r#"{"n":18446744073709551616}"#.as_bytes().to_vec(), "application/json")),
            "\\PC{1,9}".prop_map(|text| (text.into_bytes(), "text/plain")),
            vec(128_u8.., 1..9).prop_map(|bytes| (bytes, "image/png")),
        ]),
        many: bool,
    ) {
        let pairs = pairs.into_iter().map(|(name, value)| (format!("x{name}"), value)).collect();
        let (data, media_type) = data.map_or((Vec::new(), None), |(data, media_type)| (data, Some(media_type)));
        let event = Event::new(Provider::Azure, Trigger::Event).with_type(ty).with_id(id).with_source("/shop").with_attempt(attempt);
        let mut event = attributed(event.with_time(time).with_data(data, media_type), pairs);
        if let Some(subject) = subject {
            event = event.with_subject(subject);
        }
        let function = function("eventGridTrigger", "event", &form(false, many));
        prop_assert_eq!(round(std::slice::from_ref(&event), &function), [event]);
    }

    #[test]
    fn event_grid_blob(key in "[a-z /%é]{1,12}", gone: bool, size in option::of(any::<u64>()), etag in option::of(word()), time in seconds()) {
        let action = if gone { Action::Deleted } else { Action::Created };
        let subject = format!("/blobServices/default/containers/in/blobs/{key}");
        let object = Object { action, bucket: "in".into(), key, size: size.filter(|_| !gone), etag, ..Object::default() };
        let event = Event::new(Provider::Azure, Trigger::Object(Box::new(object))).with_id("1").with_source("/t");
        let event = event.with_subject(subject).with_time(time);
        prop_assert_eq!(round(std::slice::from_ref(&event), &function("eventGridTrigger", "event", "")), [event]);
    }

    #[test]
    fn blob(
        key in "[a-z%#?+ é][a-z/%#?+ é]{0,12}", data in vec(any::<u8>(), 0..30), etag in option::of(word()), emulated: bool, time in seconds(),
        pairs in attributes(), attempt in 1..4_u32,
    ) {
        let size = u64::try_from(data.len()).ok();
        let content_type = Some("text/plain".to_owned());
        let object = Object { action: Action::Created, bucket: "in".into(), key, size, etag, version: None, content_type };
        let source = if emulated { "http://127.0.0.1:10000/devstoreaccount1/in" } else { "https://a.blob.core.windows.net/in" };
        let event = Event::new(Provider::Azure, Trigger::Object(Box::new(object))).with_id("i").with_source(source);
        let event = attributed(event.with_attempt(attempt).with_time(time).with_data(data, Some("text/plain")), pairs);
        prop_assert_eq!(round(std::slice::from_ref(&event), &function("blobTrigger", "blob", r#","path":"in/{name}""#)), [event]);
    }

    #[test]
    fn timer(scheduled_for in seconds(), attempt in 1..4_u32) {
        let schedule = Schedule { name: Some("F".into()), scheduled_for };
        let event = Event::new(Provider::Azure, Trigger::Schedule(schedule)).with_id("i").with_attempt(attempt);
        prop_assert_eq!(round(std::slice::from_ref(&event), &function("timerTrigger", "timer", "")), [event]);
    }

    #[test]
    fn cosmos_db(documents in vec(("[a-z\"é]{1,6}", any::<u64>(), 0_u32..), 0..4)) {
        let events: Vec<_> = documents.into_iter().map(|(id, number, seconds)| {
            let key = serde_json::Value::from(id.as_str()).to_string();
            let after = format!(r#"{{"id":{key},"n":{number},"_ts":{seconds},"_lsn":{number}}}"#);
            let change = Change { action: Action::Updated, collection: Some("c".into()), key: Some(key), before: None, after: Some(after) };
            Event::new(Provider::Azure, Trigger::Change(Box::new(change)))
                .with_id(format!("c/{id}/{number}"))
                .with_source("c")
                .with_time(Time::from_seconds(seconds.into()))
        }).collect();
        prop_assert_eq!(round(&events, &function("cosmosDBTrigger", "docs", r#","containerName":"c""#)), events);
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(body in vec(any::<u8>(), 0..200), value in "\\PC{0,40}", fact in "\\PC{0,20}", at in any::<prop::sample::Index>()) {
        for (ty, name) in select_all() {
            for rest in [form(true, false), form(false, true), String::new()] {
                let function = function(ty, name, &rest);
                let _ = delivered(&function, body.clone());
                for value in [serde_json::Value::from(value.as_str()), serde_json::Value::from(format!("[{value}]"))] {
                    let metadata = serde_json::json!({"Id": fact, "MessageIdArray": fact, "Uri": fact, "SystemProperties": fact, "RetryContext": {"RetryCount": fact}});
                    let mut json = serde_json::json!({"Data": {name: value}, "Metadata": metadata}).to_string().into_bytes();
                    let _ = delivered(&function, json.clone());
                    let at = at.index(json.len());
                    json[at] = b'"';
                    let _ = delivered(&function, json);
                }
            }
        }
    }
}

fn select_all() -> Vec<(&'static str, &'static str)> {
    vec![
        ("queueTrigger", "item"),
        ("serviceBusTrigger", "msg"),
        ("eventHubTrigger", "event"),
        ("kafkaTrigger", "event"),
        ("eventGridTrigger", "event"),
        ("blobTrigger", "blob"),
        ("timerTrigger", "timer"),
        ("cosmosDBTrigger", "docs"),
    ]
}

#[test]
fn every_truncation_is_an_error() {
    let event = Event::new(Provider::Azure, Trigger::Queue(Queue::default())).with_id("m").with_data("\u{e9}\"x", None);
    let message = function("queueTrigger", "item", "");
    let record = Trigger::Stream(Stream { name: Some("h".into()), partition: Some("1".into()), ..Stream::default() });
    let record = Event::new(Provider::Azure, record).with_source("sb://ns/h").with_data("x", None);
    let records = function("eventHubTrigger", "event", &form(true, true));
    for (events, function) in [(vec![event], message), (vec![record.clone(), record], records)] {
        let body = local::azure::batch(&events, &function).unwrap().into_body();
        assert_eq!(delivered(&function, body.clone()).unwrap().len(), events.len());
        for end in 0..body.len() {
            assert!(delivered(&function, body.slice(..end)).is_err(), "{end}");
        }
    }
}
