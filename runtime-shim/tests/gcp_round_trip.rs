//! What the local shim sends in each of Google Cloud's forms, decode gives back; what a form cannot carry is not made.
#![cfg(all(feature = "gcp", feature = "local"))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod parts;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Action, Http, Kind, Object, Queue, Schedule, Stream, Topic},
    gcp,
    local::gcp::{Form, delivery},
};
use proptest::{collection::btree_map, option, prelude::*};

use self::parts::{attempt, bytes, extensions, media_type, plain, text, time, typed_data, with_attributes, word};

/// The event that comes back, without the bytes that it came in.
fn back(form: Form, event: &Event) -> Event {
    let (parts, body) = delivery(form, event).unwrap().into_parts();
    let mut events = gcp::decode(&parts, &body).unwrap();
    assert_eq!(events.len(), 1);
    let event = events.remove(0);
    assert_eq!(event.raw(), &body);
    event.with_raw(Bytes::new())
}

fn event(trigger: Trigger) -> Event {
    Event::new(Provider::Gcp, trigger)
}

/// What is read back from a header of a CloudEvent as Google writes it: nothing that looks encoded or quoted, but what no encoder
/// would have written.
fn unencoded() -> impl Strategy<Value = String> {
    let ordinary = "[!#$&-~]([ !#$&-~]{0,10}[!#$&-~])?";
    prop_oneof![4 => ordinary, 1 => Just("x.googleapis.com%2Factivity-1".to_owned()), 1 => Just("50% off".to_owned())]
}

/// A topic's message without attributes.
fn message(id: BoxedStrategy<String>, key: BoxedStrategy<String>) -> impl Strategy<Value = Event> {
    (id, word(), word(), option::of(key), time(), bytes(), any::<bool>()).prop_map(
        |(id, project, name, ordering_key, time, data, named)| {
            let resource = if named { "topics" } else { "subscriptions" };
            let source = format!("//pubsub.googleapis.com/projects/{project}/{resource}/{name}");
            let topic = Topic { name: named.then_some(name), subject: None, ordering_key };
            event(Trigger::Topic(topic)).with_id(id).with_source(source).with_time(time).with_data(data, None)
        },
    )
}

/// The same as a CloudEvent or a wrapped push have it.
fn wrapped_message(id: BoxedStrategy<String>) -> impl Strategy<Value = Event> {
    let attributes = btree_map("[a-zA-Z]{1,6}", any::<String>(), 0..4);
    let key = text().boxed();
    (message(id, key), attributes, media_type(), attempt()).prop_map(|(event, attributes, media_type, attempt)| {
        let data = event.data().cloned().unwrap_or_default();
        let event = with_attributes(event.with_data(data, media_type.as_deref()).with_attempt(attempt), attributes);
        with_attributes(event, media_type.map(|media_type| ("content-type".to_owned(), media_type)))
    })
}

fn unwrapped_message() -> impl Strategy<Value = Event> {
    (message(plain().boxed(), plain().boxed()), media_type()).prop_map(|(event, media_type)| {
        let data = event.data().cloned().unwrap_or_default();
        event.with_data(data, media_type.as_deref())
    })
}

fn object(key: BoxedStrategy<String>) -> impl Strategy<Value = Object> {
    let action = prop_oneof![Just(Action::Created), Just(Action::Deleted), Just(Action::Archived), Just(Action::Updated)];
    let fields = (action, word(), key, option::of(any::<u64>()), option::of(text()), option::of("[0-9]{1,20}"), media_type());
    fields.prop_map(|(action, bucket, key, size, etag, version, content_type)| Object {
        action,
        bucket,
        key,
        size,
        etag,
        version,
        content_type,
    })
}

/// A change of an object as a CloudEvent has it; `value` makes what stands in attributes.
fn object_event(value: fn() -> BoxedStrategy<String>) -> impl Strategy<Value = Event> {
    (object(value()), value(), time(), extensions(value()), option::of(value())).prop_map(
        |(object, id, time, extensions, dataschema)| {
            let (bucket, key) = (object.bucket.clone(), object.key.clone());
            let event = event(Trigger::Object(Box::new(object)))
                .with_id(id)
                .with_source(format!("//storage.googleapis.com/projects/_/buckets/{bucket}"))
                .with_time(time)
                .with_subject(format!("objects/{key}"))
                .with_attribute("bucket", bucket);
            let event = dataschema.into_iter().fold(event, Event::with_dataschema);
            with_attributes(event, extensions)
        },
    )
}

fn notification(payload: bool) -> impl Strategy<Value = Event> {
    (object(text().boxed()), text(), time(), btree_map("[a-z]{1,6}", any::<String>(), 0..3), attempt()).prop_map(
        move |(object, id, time, custom, attempt)| {
            let kind = match object.action {
                Action::Created => "OBJECT_FINALIZE",
                Action::Deleted => "OBJECT_DELETE",
                Action::Archived => "OBJECT_ARCHIVE",
                _ => "OBJECT_METADATA_UPDATE",
            };
            let own = [
                ("eventType", Some(kind.to_owned())),
                ("bucketId", Some(object.bucket.clone())),
                ("objectId", Some(object.key.clone())),
                ("objectGeneration", object.version.clone()),
                ("eventTime", time.map(|time| time.to_string())),
                ("payloadFormat", Some(if payload { "JSON_API_V1" } else { "NONE" }.to_owned())),
            ];
            let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            let source = format!("//storage.googleapis.com/projects/_/buckets/{}", object.bucket);
            let lean = Object { size: None, etag: None, content_type: None, ..object.clone() };
            let object = if payload { object } else { lean };
            let event = event(Trigger::Object(Box::new(object))).with_id(id).with_source(source).with_time(time);
            with_attributes(with_attributes(event.with_attempt(attempt), own), custom)
        },
    )
}

/// A custom event; `value` makes what stands in attributes.
fn custom_event(value: fn() -> BoxedStrategy<String>) -> impl Strategy<Value = Event> {
    let optional = move || option::of(value());
    ((value(), value(), "[a-z]{1,6}\\.[a-zA-Z.]{1,8}"), (optional(), optional(), time()), extensions(value()), typed_data())
        .prop_map(|((id, source, ty), (subject, dataschema, time), extensions, (data, media_type))| {
            let event = event(Trigger::Event).with_id(id).with_source(source).with_type(ty).with_time(time);
            let event = subject.into_iter().fold(event, Event::with_subject);
            let event = dataschema.into_iter().fold(event, Event::with_dataschema);
            with_attributes(event.with_data(data, media_type.as_deref()), extensions)
        })
}

fn task() -> impl Strategy<Value = Event> {
    (word(), plain(), attempt(), bytes(), media_type()).prop_map(|(name, id, attempt, data, media_type)| {
        event(Trigger::Queue(Queue { name: Some(name), ..Queue::default() }))
            .with_id(id)
            .with_attempt(attempt)
            .with_data(data, media_type.as_deref())
    })
}

fn tick() -> impl Strategy<Value = Event> {
    let data = (bytes(), media_type()).prop_map(|(data, media_type)| {
        let implied = (!data.is_empty()).then(|| "application/octet-stream".to_owned());
        (data, media_type.or(implied))
    });
    (option::of(word()), time(), any::<bool>(), data, plain()).prop_map(|(name, time, timed, (data, media_type), execution)| {
        let scheduled_for = time.filter(|_| timed);
        let id = match (&name, scheduled_for) {
            (Some(name), Some(time)) => format!("{name}/{time}"),
            _ => execution,
        };
        event(Trigger::Schedule(Schedule { name, scheduled_for }))
            .with_id(id)
            .with_time(scheduled_for)
            .with_data(data, media_type.as_deref())
    })
}

fn http() -> impl Strategy<Value = Event> {
    let method = proptest::sample::select(vec![Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH]);
    let headers = proptest::collection::vec(("x-[a-z]{1,3}", plain()), 0..5);
    let front = (proptest::sample::select(vec!["http", "https"]), "[a-z]{1,8}\\.example", any::<[u8; 4]>());
    (method, "/(/|\\.\\.|[a-z]|%2F|%20){0,8}", option::of("[a-z=&%+]{0,8}"), headers, front, bytes(), plain()).prop_map(
        |(method, path, query, headers, (scheme, host, ip), data, id)| {
            let mut http = Http::new(method, path, query.as_deref());
            for (name, value) in headers {
                http.headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
            }
            http.scheme = Some(scheme.to_owned());
            http.host = Some(host);
            // A link-local address is a hop of the front end's own.
            http.client_ip = Some(std::net::IpAddr::from(ip)).filter(|ip| !ip.to_string().starts_with("169.254."));
            event(Trigger::Http(Box::new(http))).with_id(id).with_data(data, None)
        },
    )
}

fn boxed_plain() -> BoxedStrategy<String> {
    unencoded().boxed()
}

fn boxed_text() -> BoxedStrategy<String> {
    text().boxed()
}

/// Where Eventarc's fallback comes from.
const FALLBACK: &str = "//pubsub.googleapis.com/projects/local/subscriptions/eventarc-local";

proptest! {
    #[test]
    fn a_message_by_eventarc(event in wrapped_message(boxed_plain()), subject in option::of(unencoded())) {
        let event = subject.into_iter().fold(event, Event::with_subject);
        for form in [Form::Eventarc, Form::Structured] {
            prop_assert_eq!(back(form, &event), event.clone());
        }
    }

    #[test]
    fn a_message_in_a_wrapped_push(event in wrapped_message(boxed_text())) {
        prop_assert_eq!(back(Form::WrappedPush, &event), event);
    }

    #[test]
    fn a_message_in_an_unwrapped_push(event in unwrapped_message()) {
        prop_assert_eq!(back(Form::UnwrappedPush, &event), event);
    }

    #[test]
    fn a_message_as_a_background_event(sent in wrapped_message(boxed_text())) {
        let Trigger::Topic(topic) = sent.trigger().clone() else { unreachable!() };
        prop_assume!(topic.name.is_some());
        // It has no key, its attributes are a map, and nobody counts its deliveries.
        let want = event(Trigger::Topic(Topic { ordering_key: None, ..topic }))
            .with_id(sent.id())
            .with_source(sent.source())
            .with_time(sent.time())
            .with_data(sent.data().cloned().unwrap_or_default(), sent.datacontenttype());
        let attributes: std::collections::BTreeMap<_, _> = sent.attributes().iter().cloned().collect();
        prop_assert_eq!(back(Form::Legacy, &sent), with_attributes(want, attributes));
    }

    #[test]
    fn an_object_as_a_background_event(sent in object_event(boxed_text)) {
        let Trigger::Object(object) = sent.trigger().clone() else { unreachable!() };
        // What a name ends in may be what this form has for a generation.
        let generation = object.key.rsplit_once('#').is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit()));
        if generation {
            let refused = delivery(Form::Legacy, &sent).unwrap_err();
            prop_assert_eq!(refused.path(), "object.key");
        } else {
            let want = event(Trigger::Object(object.clone()))
                .with_id(sent.id())
                .with_source(sent.source())
                .with_time(sent.time())
                .with_subject(format!("objects/{}", object.key));
            prop_assert_eq!(back(Form::Legacy, &sent), want);
        }
    }

    #[test]
    fn an_object_by_eventarc(event in object_event(boxed_plain)) {
        prop_assert_eq!(back(Form::Eventarc, &event), event);
    }

    #[test]
    fn an_object_whose_name_no_header_carries(event in object_event(boxed_text), attempt in attempt()) {
        prop_assert_eq!(back(Form::Structured, &event), event.clone());
        let event = event.with_attempt(attempt);
        prop_assert_eq!(back(Form::Fallback, &event), event.within(FALLBACK));
    }

    #[test]
    fn an_object_in_a_notification(with in notification(true), without in notification(false)) {
        for (form, sent) in [(Form::Notification, with), (Form::NotificationWithoutPayload, without)] {
            let Trigger::Object(object) = sent.trigger().clone() else { unreachable!() };
            let subscription = format!("//pubsub.googleapis.com/projects/local/subscriptions/{}-push", object.bucket);
            prop_assert_eq!(back(form, &sent), sent.within(&subscription));
        }
    }

    #[test]
    fn a_custom_event_by_eventarc(event in custom_event(boxed_plain)) {
        prop_assert_eq!(back(Form::Eventarc, &event), event);
    }

    #[test]
    fn a_custom_event_that_no_header_carries(event in custom_event(boxed_text), attempt in attempt()) {
        prop_assert_eq!(back(Form::Structured, &event), event.clone());
        let event = event.with_attempt(attempt);
        prop_assert_eq!(back(Form::Fallback, &event), event.within(FALLBACK));
    }

    #[test]
    fn a_task_of_a_queue(event in task()) {
        prop_assert_eq!(back(Form::Tasks, &event), event);
    }

    #[test]
    fn a_run_of_a_job(event in tick()) {
        prop_assert_eq!(back(Form::Scheduler, &event), event);
    }

    #[test]
    fn a_request_past_the_front_end(sent in http()) {
        let got = back(Form::Http, &sent);
        let (want, have) = (sent.http().unwrap(), got.http().unwrap());
        prop_assert_eq!((&have.method, &have.path, &have.raw_path, &have.query), (&want.method, &want.path, &want.path, &want.query));
        prop_assert_eq!((&have.scheme, &have.host, have.client_ip), (&want.scheme, &want.host, want.client_ip));
        prop_assert_eq!((got.id(), got.data()), (sent.id(), sent.data()));
        for (name, _) in want.headers.iter() {
            let values = |http: &Http| http.headers.get_all(name.as_str()).cloned().collect::<Vec<_>>();
            prop_assert_eq!(values(have), values(want));
        }
    }

    #[test]
    fn a_call(id in plain(), json in proptest::sample::select(vec!["{}", "[1, 2]", "12345678901234567890123"])) {
        let event = event(Trigger::Direct).with_id(id).with_data(json, Some("application/json"));
        // Nothing in a call says that it is one: the function does.
        let got = back(Form::Direct, &event);
        prop_assert!(got.http().is_some_and(|http| http.method == Method::POST));
        prop_assert_eq!(got.into_call(), event);
    }
}

#[test]
fn each_form_refuses_what_it_does_not_carry() {
    let triggers = [
        Trigger::Http(Box::default()),
        Trigger::Direct,
        Trigger::Queue(Queue::default()),
        Trigger::Topic(Topic::default()),
        Trigger::Object(Box::default()),
        Trigger::Schedule(Schedule::default()),
        Trigger::Change(Box::default()),
        Trigger::Stream(Stream::default()),
        Trigger::Event,
    ];
    let mut carried = Vec::new();
    for form in Form::ALL {
        for trigger in &triggers {
            let sent = delivery(form, &event(trigger.clone()));
            let kind = trigger.kind();
            if form.carries(kind) {
                carried.push(kind);
            } else {
                assert_eq!(sent.unwrap_err().path(), "trigger", "{form:?} {kind}");
            }
        }
    }
    for kind in [Kind::Http, Kind::Direct, Kind::Queue, Kind::Topic, Kind::Object, Kind::Schedule, Kind::Change, Kind::Event] {
        assert!(carried.contains(&kind), "{kind}");
    }
    let restored = event(Trigger::Object(Box::new(Object { action: Action::Restored, ..Object::default() })));
    let of_objects =
        [Form::Eventarc, Form::Structured, Form::Fallback, Form::Notification, Form::NotificationWithoutPayload, Form::Legacy];
    for form in of_objects {
        assert_eq!(delivery(form, &restored).unwrap_err().path(), "object.action", "{form:?}");
    }
}

#[test]
fn a_background_event_is_only_what_first_generation_functions_had() {
    let custom =
        |ty: &str, source: &str| event(Trigger::Event).with_id("1").with_type(ty).with_source(source).with_data("{}", None);
    assert_eq!(delivery(Form::Legacy, &custom("shop.paid", "//shop.example/a")).unwrap_err().path(), "type");
    let user = custom("google.firebase.auth.user.v1.created", "//firebaseauth.googleapis.com/projects/p");
    assert!(delivery(Form::Legacy, &user).is_ok());
    // The user's name is told by the data alone.
    assert_eq!(delivery(Form::Legacy, &user.with_subject("users/u")).unwrap_err().path(), "subject");
    let log = custom("google.firebase.analytics.log.v1.written", "//firebaseanalytics.googleapis.com/projects/p/apps/a");
    let refused = delivery(Form::Legacy, &log.with_subject("events/buy")).unwrap_err();
    assert_eq!(refused.path(), "data.userDim.appInfo.appId");
    let key = Object { bucket: "b".to_owned(), key: "a#7".to_owned(), ..Object::default() };
    let refused = delivery(Form::Legacy, &event(Trigger::Object(Box::new(key))).with_id("1")).unwrap_err();
    assert_eq!(refused.path(), "object.key");
}

#[test]
fn what_no_header_can_carry_is_refused_by_name() {
    let custom = event(Trigger::Event).with_id("1").with_source("/s").with_type("t");
    for subject in ["documents/a/b ", "é", "a\nb", " a"] {
        let refused = delivery(Form::Eventarc, &custom.clone().with_subject(subject)).unwrap_err();
        assert_eq!(refused.path(), "headers.ce-subject", "{subject:?}");
    }
    let queue = event(Trigger::Queue(Queue { name: Some("é".to_owned()), ..Queue::default() }));
    assert_eq!(delivery(Form::Tasks, &queue).unwrap_err().path(), "headers.x-cloudtasks-queuename");
    let tick = event(Trigger::Schedule(Schedule { name: Some("é".to_owned()), scheduled_for: None }));
    assert_eq!(delivery(Form::Scheduler, &tick).unwrap_err().path(), "headers.x-cloudscheduler-jobname");
}

#[test]
fn a_claimed_address_is_not_the_callers() {
    let mut http = Http::new(Method::GET, "/", None);
    http.headers.append("x-forwarded-for".parse().unwrap(), HeaderValue::from_static("6.6.6.6"));
    http.client_ip = Some([1, 2, 3, 4].into());
    let got = back(Form::Http, &event(Trigger::Http(Box::new(http))));
    assert_eq!(got.http().unwrap().client_ip, Some([1, 2, 3, 4].into()));
    assert_eq!(got.http().unwrap().headers.text("x-forwarded-for"), Some("6.6.6.6,1.2.3.4"));
}

#[test]
fn what_an_event_does_not_say_is_made_up() {
    let named =
        event(Trigger::Topic(Topic { name: Some("news".to_owned()), ..Topic::default() })).with_id("1").with_data("hi", None);
    for form in [Form::Eventarc, Form::Structured, Form::WrappedPush, Form::UnwrappedPush] {
        let got = back(form, &named);
        assert_eq!(got.source(), "//pubsub.googleapis.com/projects/local/topics/news", "{form:?}");
        assert_eq!((got.trigger(), got.data()), (named.trigger(), named.data()), "{form:?}");
    }
    let object = Object { bucket: "b".to_owned(), key: "k é".to_owned(), size: Some(u64::MAX), ..Object::default() };
    let object = event(Trigger::Object(Box::new(object))).with_id("1");
    for form in [Form::Structured, Form::Fallback, Form::Notification] {
        let got = back(form, &object);
        assert_eq!(got.trigger(), object.trigger(), "{form:?}");
        assert_eq!(got.source(), "//storage.googleapis.com/projects/_/buckets/b", "{form:?}");
    }
}
