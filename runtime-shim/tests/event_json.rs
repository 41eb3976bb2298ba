//! The JSON form of an event is read back as the same event, and what is no such form is refused with its place.
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod parts;

use std::{fs, net::IpAddr, path::Path};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Action, Change, Http, Object, Queue, Schedule, Stream, Topic},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use self::parts::{attempt, bytes, media_type, text, time, with_attributes};

fn maybe() -> impl Strategy<Value = Option<String>> {
    option::of(any::<String>())
}

/// JSON on one line, with numbers that no float gives back.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec![
            "null",
            "true",
            "0",
            "-0.0",
            "1E+400",
            "12345678901234567890123456789012345678",
            "1.50",
            r#""\ud83d\ude00""#
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            // The same name may come twice.
            vec((any::<String>(), inner), 0..4).prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("{}:{value}", serde_json::to_string(name).unwrap()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn request() -> impl Strategy<Value = Trigger> {
    let method = select(vec!["GET", "POST", "M-SEARCH", "purge"]).prop_map(|name| Method::from_bytes(name.as_bytes()).unwrap());
    let header = ("[a-z][a-z0-9-]{0,8}", vec(prop_oneof![Just(b'\t'), 0x20_u8..0x7f, 0x80_u8..=0xff], 0..12));
    let header = header
        .prop_map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_bytes(&value).unwrap()));
    let texts = (any::<String>(), any::<String>(), maybe(), maybe(), maybe());
    let rest = (vec(header, 0..5), vec((any::<String>(), any::<String>()), 0..3), option::of(any::<IpAddr>()));
    (method, texts, rest).prop_map(|(method, (path, raw_path, query, scheme, host), (headers, params, client_ip))| {
        let headers = headers.into_iter().collect();
        Trigger::Http(Box::new(Http { method, path, raw_path, query, headers, params, scheme, host, client_ip }))
    })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let object =
        (select(Action::ALL.to_vec()), any::<String>(), any::<String>(), any::<Option<u64>>(), maybe(), maybe(), maybe());
    let actions = vec![Action::Created, Action::Updated, Action::Deleted];
    let change = (select(actions), maybe(), option::of(json()), option::of(json()), option::of(json()));
    prop_oneof![
        3 => request(),
        1 => Just(Trigger::Direct),
        1 => Just(Trigger::Event),
        1 => (maybe(), maybe(), maybe()).prop_map(|(name, group, sequence)| Trigger::Queue(Queue { name, group, sequence })),
        1 => (maybe(), maybe(), maybe())
            .prop_map(|(name, subject, ordering_key)| Trigger::Topic(Topic { name, subject, ordering_key })),
        1 => (maybe(), maybe(), maybe(), maybe()).prop_map(|(name, partition, partition_key, sequence)| {
            Trigger::Stream(Stream { name, partition, partition_key, sequence })
        }),
        1 => (maybe(), time()).prop_map(|(name, scheduled_for)| Trigger::Schedule(Schedule { name, scheduled_for })),
        1 => object.prop_map(|(action, bucket, key, size, etag, version, content_type)| {
            Trigger::Object(Box::new(Object { action, bucket, key, size, etag, version, content_type }))
        }),
        2 => change.prop_map(|(action, collection, key, before, after)| {
            Trigger::Change(Box::new(Change { action, collection, key, before, after }))
        }),
    ]
}

/// JSON, text or bytes, with a media type that is right or wrong.
fn data() -> impl Strategy<Value = (Vec<u8>, Option<String>)> {
    let any_type = prop_oneof![3 => media_type(), 1 => maybe()];
    let bytes = prop_oneof![json().prop_map(String::into_bytes), any::<String>().prop_map(String::into_bytes), bytes()];
    // White space between tokens is what the form loses.
    let is_compact = |data: &[u8]| data.trim_ascii() == data || serde_json::from_slice::<serde_json::Value>(data).is_err();
    (bytes.prop_filter("compact", move |data| is_compact(data)), any_type)
}

fn event() -> impl Strategy<Value = Event> {
    let names = (any::<String>(), any::<String>(), option::of(text()), maybe(), maybe());
    let facts = (time(), attempt(), vec(text(), 0..3), vec((any::<String>(), any::<String>()), 0..4));
    (select(Provider::ALL.to_vec()), trigger(), names, facts, data()).prop_map(|(provider, trigger, names, facts, data)| {
        let (id, source, ty, subject, schema) = names;
        let (time, attempt, via, attributes) = facts;
        let event = Event::new(provider, trigger).with_id(id).with_source(source).with_time(time).with_attempt(attempt);
        let event = event.with_data(data.0, data.1.as_deref());
        let event = via.iter().fold(event, |event, source| event.within(source));
        let event = if let Some(ty) = ty { event.with_type(ty) } else { event };
        let event = if let Some(subject) = subject { event.with_subject(subject) } else { event };
        let event = if let Some(schema) = schema { event.with_dataschema(schema) } else { event };
        with_attributes(event, attributes)
    })
}

proptest! {
    /// But `raw`, which is not in the form.
    #[test]
    fn every_event_comes_back(event in event()) {
        let json = serde_json::to_string(&event).unwrap();
        prop_assert_eq!(&Event::from_json(&json).unwrap(), &event);
        prop_assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), &event);
        prop_assert_eq!(&serde_json::from_reader::<_, Event>(json.as_bytes()).unwrap(), &event);
    }

    #[test]
    fn no_text_ends_the_process(text in any::<String>(), json in json(), event in event(), at in any::<prop::sample::Index>()) {
        let _ = Event::from_json(&text);
        let _ = Event::from_json(&json);
        let whole = serde_json::to_string(&event).unwrap();
        let cut = at.index(whole.len());
        if whole.is_char_boundary(cut) {
            prop_assert!(Event::from_json(&whole[..cut]).is_err());
        }
    }
}

#[test]
fn each_event_of_the_test_data_comes_back() {
    for provider in ["aws", "azure", "container", "gcp"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(provider).join("testdata");
        let mut read = 0;
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            let name = file.display().to_string();
            if !name.ends_with(".event.json") {
                continue;
            }
            let json = fs::read_to_string(&file).unwrap();
            let events: Vec<Event> = match json.starts_with('[') {
                true => serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}")),
                false => vec![Event::from_json(&json).unwrap_or_else(|error| panic!("{name}: {error}"))],
            };
            let written = serde_json::to_value(&events).unwrap();
            let want: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(written, if want.is_array() { want } else { serde_json::Value::Array(vec![want]) }, "{name}");
            read += events.len();
        }
        assert!(read > 5, "{provider}: {read}");
    }
}

fn direct(data: &'static [u8], media_type: &str) -> Event {
    Event::new(Provider::Local, Trigger::Direct).with_data(Bytes::from_static(data), Some(media_type))
}

#[test]
fn data_is_written_so_that_it_can_be_told_apart() {
    for (data, media_type, want) in [
        (
            &b"[1E3,12345678901234567890123456789012345678]"[..],
            "application/json",
            r#""data":[1E3,12345678901234567890123456789012345678]"#,
        ),
        (b"{\"a\" : 1}", "application/json", r#""data":{"a":1}"#),
        // Both claim to be JSON, and only one is.
        (b"\"a\"", "application/json", r#""data":"a""#),
        (b"a", "application/json", r#""data_base64":"YQ==""#),
        (b"a", "text/plain", r#""data":"a""#),
        (b"\xff", "text/plain", r#""data_base64":"/w==""#),
        (b"\xff", "application/json", r#""data_base64":"/w==""#),
    ] {
        let json = serde_json::to_string(&direct(data, media_type)).unwrap();
        assert!(json.contains(want), "{json}");
    }
    let spaced = Event::from_json(&serde_json::to_string(&direct(b" {\"a b\" : [ 1 ]} ", "application/json")).unwrap()).unwrap();
    assert_eq!(spaced.data().unwrap(), "{\"a b\":[1]}");
}

#[test]
fn what_is_no_event_is_refused_with_its_place() {
    let request = r#"{"provider":"gcp","trigger":"http","http":{"method":"GET","path":"/""#;
    let queue = r#"{"provider":"gcp","trigger":"queue","queue":{}"#;
    for (json, want) in [
        ("[]".to_owned(), "expected an object"),
        ("{}".to_owned(), "provider: missing"),
        (r#"{"provider":"ibm"}"#.to_owned(), "provider: expected aws, gcp, azure, container or local"),
        (
            r#"{"provider":"aws","trigger":"cron"}"#.to_owned(),
            "trigger: expected one of http, direct, queue, topic, object, schedule, change, stream, event",
        ),
        (r#"{"provider":"aws","trigger":"queue"}"#.to_owned(), "queue: missing"),
        (r#"{"provider":"aws","trigger":"queue","topic":{}}"#.to_owned(), "queue: missing"),
        (
            r#"{"provider":"aws","trigger":"direct","direct":{"a":1}}"#.to_owned(),
            "direct.a: unknown member; none is expected here",
        ),
        (format!(r#"{queue},"id":7}}"#), "id: expected a text"),
        (format!(r#"{queue},"id":"a","id":"b"}}"#), "id: given twice"),
        (format!(r#"{queue},"time":"noon"}}"#), "time: expected a time as RFC 3339 has it"),
        (format!(r#"{queue},"attempt":-1}}"#), "attempt: expected a whole number"),
        (format!(r#"{queue},"attempt":4294967296}}"#), "attempt: expected a whole number"),
        (format!(r#"{queue},"attributes":{{"a":1}}}}"#), "attributes.a: expected a text"),
        (format!(r#"{queue},"via":[1]}}"#), "via: expected an array of texts"),
        (format!(r#"{queue},"data":1}}"#), "data: expected a text, since datacontenttype does not say JSON"),
        (format!(r#"{queue},"data":"a","data_base64":"YQ=="}}"#), "data_base64: given beside data"),
        (format!(r#"{queue},"data_base64":"YQ"}}"#), "data_base64: expected base64"),
        (format!("{request}}}"), ""),
        (format!(r#"{request},"headers":[["a b","c"]]}}}}"#), "http.headers[0]: not an HTTP header name"),
        (format!(r#"{request},"client_ip":"localhost"}}}}"#), "http.client_ip: expected an IP address"),
        (format!(r#"{request},"params":[]}}}}"#), "http.params: expected an object of texts"),
        (
            r#"{"provider":"aws","trigger":"http","http":{"method":"A B","path":"/"}}"#.to_owned(),
            "http.method: expected an HTTP method",
        ),
        (
            r#"{"provider":"aws","trigger":"change","change":{"action":"archived"}}"#.to_owned(),
            "change.action: expected one of created, updated, deleted",
        ),
        (r#"{"provider":"aws","trigger":"object","object":{"action":"created","bucket":"b"}}"#.to_owned(), "object.key: missing"),
        (
            r#"{"provider":"aws","trigger":"object","object":{"action":"created","bucket":"b","key":"k","size":1.5}}"#.to_owned(),
            "object.size: expected a whole number",
        ),
    ] {
        let error = Event::from_json(&json).map(|_| ()).unwrap_err().to_string();
        if want.is_empty() {
            assert!(error.starts_with("EOF while parsing"), "{json}: {error}");
        } else {
            assert_eq!(error, want, "{json}");
        }
        // serde adds where it stood, and says the same.
        let error = serde_json::from_str::<Event>(&json).unwrap_err().to_string();
        assert!(error.starts_with(if want.is_empty() { "EOF" } else { want }), "{error}");
    }
}

#[test]
fn deep_and_large_json_costs_no_stack() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let json =
        format!(r#"{{"provider":"aws","trigger":"direct","direct":{{}},"datacontenttype":"application/json","data":{deep}}}"#);
    assert_eq!(Event::from_json(&json).unwrap().data().unwrap(), &deep);
    assert!(Event::from_json(&deep).is_err());
}
