//! What the local shim sends to a container, decode gives back: every trigger, in every mode of CloudEvents.
#![cfg(all(feature = "container", feature = "local"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod parts;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use polyfn_shim::{
    Event, Provider, Trigger,
    cloudevents::Mode,
    container,
    event::{Action, Change, Http, Kind, Object, Queue, Schedule, Stream, Topic},
    local::container::{batch, delivery},
};
use proptest::{collection::vec, option, prelude::*};

use self::parts::{attempt, bytes, extensions, plain, text, time, typed_data, with_attributes};

const MODES: [Mode; 3] = [Mode::Binary, Mode::Structured, Mode::Batch];

/// The events that come back, without the bytes that they came in.
fn decoded(request: http::Request<Bytes>) -> Vec<Event> {
    let (parts, body) = request.into_parts();
    let events = container::decode(&parts, &body).unwrap().into_iter().map(|event| {
        assert_eq!(event.raw(), &body);
        event.with_raw(Bytes::new())
    });
    events.collect()
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    option::of(any::<String>())
}

/// A document; JSON's null would be as good as none.
fn json() -> impl Strategy<Value = Option<String>> {
    let values = ["{\"n\":12345678901234567890123}", "\"k\"", "[1, \"é\"]", "-0.10"];
    option::of(proptest::sample::select(values.map(str::to_owned).to_vec()))
}

fn any_action() -> impl Strategy<Value = Action> {
    use Action::{Archived, Created, Deleted, Restored, Updated};
    proptest::sample::select(vec![Created, Updated, Deleted, Archived, Restored])
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let queue = (maybe(), maybe(), maybe()).prop_map(|(name, group, sequence)| Trigger::Queue(Queue { name, group, sequence }));
    let topic = (maybe(), maybe(), maybe())
        .prop_map(|(name, subject, ordering_key)| Trigger::Topic(Topic { name, subject, ordering_key }));
    let stream = (maybe(), maybe(), maybe(), maybe()).prop_map(|(name, partition, partition_key, sequence)| {
        Trigger::Stream(Stream { name, partition, partition_key, sequence })
    });
    let schedule = (maybe(), time()).prop_map(|(name, scheduled_for)| Trigger::Schedule(Schedule { name, scheduled_for }));
    let object = ((any_action(), any::<String>(), any::<String>(), option::of(any::<u64>())), (maybe(), maybe(), maybe()));
    let object = object.prop_map(|((action, bucket, key, size), (etag, version, content_type))| {
        Trigger::Object(Box::new(Object { action, bucket, key, size, etag, version, content_type }))
    });
    let action = proptest::sample::select(vec![Action::Created, Action::Updated, Action::Deleted]);
    let change = (action, maybe(), json(), json(), json()).prop_map(|(action, collection, key, before, after)| {
        Trigger::Change(Box::new(Change { action, collection, key, before, after }))
    });
    prop_oneof![queue, topic, stream, schedule, object, change, Just(Trigger::Event)]
}

/// An event that is no request and no call.
fn event() -> impl Strategy<Value = Event> {
    let names = (text(), text(), "[a-z]{1,6}\\.[a-zA-Z.]{1,8}");
    let facts = (maybe(), maybe(), time(), attempt());
    (trigger(), names, facts, extensions(any::<String>().boxed()), typed_data()).prop_map(
        |(trigger, (id, source, ty), (subject, dataschema, time, attempt), extensions, (data, media_type))| {
            let kind = trigger.kind();
            let key = match &trigger {
                Trigger::Object(object) => Some(object.key.clone()),
                _ => None,
            };
            let mut event = Event::new(Provider::Container, trigger).with_id(id).with_source(source).with_time(time);
            // The data of a change are its documents.
            if kind != Kind::Change {
                event = event.with_data(data, media_type.as_deref());
            }
            // A custom event has a type of its own and no attempt.
            event = if kind == Kind::Event { event.with_type(ty) } else { event.with_attempt(attempt) };
            // The name of an object is its subject.
            event = key.or(subject).into_iter().fold(event, Event::with_subject);
            event = dataschema.into_iter().fold(event, Event::with_dataschema);
            with_attributes(event, extensions)
        },
    )
}

proptest! {
    #[test]
    fn an_event_in_every_mode(event in event()) {
        for mode in MODES {
            prop_assert_eq!(decoded(delivery(&event, mode).unwrap()), [event.clone()], "{:?}", mode);
        }
    }

    #[test]
    fn a_batch_of_events(events in vec(event(), 0..4)) {
        prop_assert_eq!(decoded(batch(&events).unwrap()), events);
    }

    #[test]
    fn a_request(
        method in proptest::sample::select(vec![Method::GET, Method::PUT, Method::POST, Method::DELETE]),
        path in "/(/|\\.\\.|[a-z]|%2F|%20){0,8}",
        query in option::of("[a-z=&%+]{0,8}"),
        headers in vec(("x-[a-z]{1,3}", plain()), 0..5),
        host in "[a-z]{1,8}\\.example",
        data in bytes(),
    ) {
        let mut http = Http::new(method, path, query.as_deref());
        let mut headers: Vec<_> = headers;
        // Headers of one name come back side by side.
        headers.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, value) in headers {
            http.headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        http.headers.append(http::header::HOST, HeaderValue::try_from(host.as_str()).unwrap());
        http.host = Some(host);
        http.scheme = Some("http".to_owned());
        let event = Event::new(Provider::Container, Trigger::Http(Box::new(http))).with_data(data, None);
        for mode in MODES {
            prop_assert_eq!(decoded(delivery(&event, mode).unwrap()), [event.clone()]);
        }
    }

    #[test]
    fn a_call(json in json(), media_type in proptest::sample::select(vec!["application/json", "application/vnd.x+json;v=1"])) {
        let json = json.unwrap_or_default();
        let event = Event::new(Provider::Container, Trigger::Direct).with_data(json, Some(media_type));
        for mode in MODES {
            // Nothing in a call says that it is one: the function does.
            let got = decoded(delivery(&event, mode).unwrap()).remove(0);
            prop_assert!(got.http().is_some_and(|http| http.method == Method::POST));
            prop_assert_eq!(got.into_call(), event.clone());
        }
    }
}

#[test]
fn a_request_or_a_call_is_in_no_batch() {
    for trigger in [Trigger::Http(Box::default()), Trigger::Direct] {
        assert_eq!(batch(&[Event::new(Provider::Container, trigger)]).unwrap_err().path(), "trigger");
    }
}
