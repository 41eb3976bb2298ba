//! What the local shim sends as each source of events, decode gives back; what a source cannot carry is not made.
#![cfg(all(feature = "aws", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use bytes::Bytes;
use polyfn_shim::{
    Event, Provider, Trigger,
    aws::{self, Frame, Shape},
    event::{Action, Change, Object, Queue, Schedule, Stream, Time, Topic},
    local,
};
use polyfn_tests::TestData;
use proptest::prelude::*;
use serde_json::Value;

fn event(trigger: Trigger, id: &str, source: &str) -> Event {
    Event::new(Provider::Aws, trigger).with_id(id).with_source(source)
}

/// The events that come back, without the bytes that they came in.
fn back(shape: Shape, events: &[Event]) -> Vec<Event> {
    let delivery = local::aws::events(shape, events);
    let decoded = aws::decode(&delivery, &Frame::default()).unwrap();
    assert_eq!(decoded.shape(), shape);
    assert_eq!(decoded.receipts().len(), decoded.events().len());
    let events = decoded.into_events().into_iter().map(|event| {
        assert_eq!(event.raw(), &delivery);
        event.with_raw(Bytes::new())
    });
    events.collect()
}

const INBOX: &str = "arn:aws:sqs:us-east-1:123456789012:inbox";

/// A message of a queue that carries these bytes.
fn carrier(id: &str, attempt: u32, data: impl Into<Bytes>) -> Event {
    let queue = Queue { name: Some("inbox".into()), ..Queue::default() };
    event(Trigger::Queue(queue), id, INBOX).with_attempt(attempt).with_data(data.into(), None)
}

/// A message of a topic that carries these bytes.
fn published(id: &str, data: impl Into<Bytes>) -> Event {
    let topic = Topic { name: Some("news".into()), ..Topic::default() };
    event(Trigger::Topic(topic), id, "arn:aws:sns:us-east-1:123456789012:news").with_data(data.into(), None)
}

/// What this source, in the words of the test data, would send for these events of its own.
fn sent(source: &str, events: &[Event]) -> (Shape, Bytes) {
    let direct = |shape| (shape, local::aws::events(shape, events));
    let first = &events[0];
    // The events of a message have its id, told apart by a number.
    let id = first.id().split('#').next().unwrap_or_default();
    // What they came in, from the outside in.
    let of_queue = |carrier: Event| first.via().first().into_iter().fold(carrier, Event::with_source);
    let of_topic = |message: Event| first.via().last().into_iter().fold(message, Event::with_source);
    let queued = |data: Bytes| (Shape::Sqs, local::aws::events(Shape::Sqs, &[of_queue(carrier(id, first.attempt(), data))]));
    match source {
        "SQS" => direct(Shape::Sqs),
        "SQS FIFO" => direct(Shape::SqsFifo),
        "SNS" => direct(Shape::Sns),
        "S3" => direct(Shape::S3),
        "EventBridge" | "EventBridge rule" | "EventBridge Scheduler" | "S3 by EventBridge" => direct(Shape::EventBridge),
        "DynamoDB streams" => direct(Shape::DynamoDb),
        "DocumentDB" => direct(Shape::DocumentDb),
        "Kinesis" => direct(Shape::Kinesis),
        "MSK" | "self-managed Kafka" => direct(Shape::Kafka),
        "SNS in SQS" => queued(local::aws::notification(first)),
        "S3 in SQS" => queued(direct(Shape::S3).1),
        "S3 in SNS" => (Shape::Sns, local::aws::events(Shape::Sns, &[of_topic(published(id, direct(Shape::S3).1))])),
        "S3 in SNS in SQS" => queued(local::aws::notification(&of_topic(published(id, direct(Shape::S3).1)))),
        "EventBridge in SQS" | "S3 by EventBridge in SQS" => queued(direct(Shape::EventBridge).1),
        _ => panic!("no way back to {source}"),
    }
}

#[test]
fn each_source_has_its_way_back() {
    let data = TestData::of("aws");
    let mut sources = 0;
    // HTTP requests have properties of their own, and a direct call is its own bytes.
    for row in data.rows.iter().filter(|row| row.trigger != "http" && row.trigger != "direct") {
        let read = |delivery: &Bytes| aws::decode(delivery, &Frame::default()).unwrap();
        let there = read(&data.read(row, ".json").into());
        if there.events().is_empty() {
            continue;
        }
        let (shape, delivery) = sent(&row.source, there.events());
        let back = read(&delivery);
        assert_eq!([back.shape(), shape], [there.shape(); 2], "{}", row.file);
        // As JSON: what the source keeps in a map has no order.
        assert_eq!(serde_json::to_value(back.events()).unwrap(), Value::Array(data.events(row)), "{}", row.file);
        sources += 1;
    }
    assert!(sources > 20, "{sources}");
}

fn millis() -> impl Strategy<Value = Option<Time>> {
    (0_i64..4_000_000_000_000).prop_map(Time::from_millis)
}

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-zA-Z0-9._-]{0,12}"
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    // Sorted, as the members of the JSON that the shim writes.
    proptest::collection::btree_map("[a-z]{1,6}", any::<String>(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn with_attributes(event: Event, attributes: &[(String, String)]) -> Event {
    attributes.iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Created),
        Just(Action::Updated),
        Just(Action::Deleted),
        Just(Action::Archived),
        Just(Action::Restored)
    ]
}

fn messages() -> impl Strategy<Value = Vec<Event>> {
    let one = (
        (word(), word(), proptest::option::of("[a-z0-9]{1,8}"), proptest::option::of("[0-9]{18,20}")),
        (millis(), 1_u32..1_000, attributes(), any::<String>()),
    );
    let message = one.prop_map(|((id, name, group, sequence), (time, attempt, attributes, data))| {
        let source = format!("arn:aws:sqs:us-east-1:123456789012:{name}");
        let queue = Trigger::Queue(Queue { name: Some(name), group, sequence });
        let event = event(queue, &id, &source).with_time(time).with_attempt(attempt).with_data(data, None);
        with_attributes(event, &attributes)
    });
    proptest::collection::vec(message, 1..5)
}

fn topic() -> impl Strategy<Value = Event> {
    (word(), word(), proptest::option::of(any::<String>()), millis(), attributes(), any::<String>()).prop_map(
        |(id, name, subject, time, attributes, data)| {
            let source = format!("arn:aws:sns:us-east-1:123456789012:{name}");
            let topic = Trigger::Topic(Topic { name: Some(name), subject, ordering_key: None });
            with_attributes(event(topic, &id, &source).with_time(time).with_data(data, None), &attributes)
        },
    )
}

fn object() -> impl Strategy<Value = Event> {
    (
        (word(), word(), action(), ".{1,20}", proptest::option::of(0..u64::from(u32::MAX) * 1_000)),
        (proptest::option::of(word()), proptest::option::of(word()), "[0-9A-F]{6,18}", millis()),
    )
        .prop_map(|((id, bucket, action, key, size), (etag, version, sequencer, time))| {
            let source = format!("arn:aws:s3:::{bucket}");
            let object = Object { action, bucket, key, size, etag, version, content_type: None };
            event(Trigger::Object(Box::new(object)), &format!("{id}-{sequencer}"), &source)
                .with_time(time)
                .with_attribute("sequencer", sequencer)
        })
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_i64..1_000_000).prop_map(|whole| serde_json::from_str(&format!("{}.5", whole)).unwrap()),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    proptest::collection::btree_map("[a-z]{1,6}", json(), 0..4)
        .prop_map(|map| Value::Object(map.into_iter().collect()).to_string())
}

fn change() -> impl Strategy<Value = Change> {
    let action = prop_oneof![Just(Action::Created), Just(Action::Updated), Just(Action::Deleted)];
    let image = || proptest::option::of(document());
    (action, word(), image(), image(), image()).prop_map(|(action, collection, key, before, after)| Change {
        action,
        collection: Some(collection),
        key,
        before,
        after,
    })
}

fn record() -> impl Strategy<Value = (Stream, Vec<u8>, Option<Time>, u32)> {
    let bytes = proptest::collection::vec(any::<u8>(), 1..20);
    (word(), 0_u32..50, any::<String>(), any::<u32>(), bytes, 0_i64..4_000_000_000_000, 0_usize..4).prop_map(
        |(name, partition, key, sequence, data, at, digits)| {
            let time = match digits {
                0 => Time::from_seconds(at / 1_000),
                1 => Time::from_millis(at),
                2 => Time::from_micros(at * 1_000 + 7),
                _ => Time::parse("2024-05-01T10:00:00.123456789Z"),
            };
            let stream = Stream {
                name: Some(name),
                partition: Some(partition.to_string()),
                partition_key: Some(key),
                sequence: Some(sequence.to_string()),
            };
            (stream, data, time, sequence)
        },
    )
}

proptest! {
    #[test]
    fn messages_come_back(events in messages()) {
        prop_assert_eq!(back(Shape::Sqs, &events), &events[..]);
        // A FIFO queue is told by the end of its name.
        let name = "orders.fifo".to_owned();
        let fifo: Vec<_> = events.into_iter().map(|mut event| {
            if let Trigger::Queue(queue) = event.trigger_mut() { queue.name = Some(name.clone()); }
            event.with_source(format!("arn:aws:sqs:us-east-1:123456789012:{name}"))
        }).collect();
        prop_assert_eq!(back(Shape::SqsFifo, &fifo), fifo);
    }

    #[test]
    fn topics_come_back_directly_and_in_a_queue(event in topic(), message in messages()) {
        prop_assert_eq!(back(Shape::Sns, std::slice::from_ref(&event)), std::slice::from_ref(&event));
        let carrier = message[0].clone().with_data(local::aws::notification(&event), None);
        let group = match carrier.trigger() { Trigger::Queue(queue) => queue.group.clone(), _ => None };
        let mut want = event.with_attempt(carrier.attempt()).within(carrier.source());
        if let Trigger::Topic(topic) = want.trigger_mut() { topic.ordering_key = group; }
        prop_assert_eq!(back(Shape::Sqs, &[carrier]), [want]);
    }

    #[test]
    fn objects_come_back_by_every_route(event in object(), carrier in messages(), topic in topic()) {
        let direct = local::aws::events(Shape::S3, std::slice::from_ref(&event));
        prop_assert_eq!(back(Shape::S3, std::slice::from_ref(&event)), std::slice::from_ref(&event));
        prop_assert_eq!(back(Shape::EventBridge, std::slice::from_ref(&event)), std::slice::from_ref(&event));
        let (id, attempt, queue) = (carrier[0].id().to_owned(), carrier[0].attempt(), carrier[0].source());
        let queued = |data: Bytes| carrier[0].clone().with_data(data, None);
        prop_assert_eq!(back(Shape::Sqs, &[queued(direct.clone())]), [event.clone().with_id(id).with_attempt(attempt).within(queue)]);
        let bridge = local::aws::events(Shape::EventBridge, std::slice::from_ref(&event));
        let want = event.clone().with_attempt(attempt).within(queue);
        prop_assert_eq!(back(Shape::Sqs, &[queued(bridge)]), [want]);
        let published = topic.with_data(direct, None);
        prop_assert_eq!(back(Shape::Sns, std::slice::from_ref(&published)), [event.clone().with_id(published.id()).within(published.source())]);
        let want = event.with_id(published.id()).with_attempt(attempt).within(published.source()).within(queue);
        prop_assert_eq!(back(Shape::Sqs, &[queued(local::aws::notification(&published))]), [want]);
    }

    #[test]
    fn ticks_and_custom_events_come_back(id in word(), name in word(), time in millis(), detail in document(), attempt in 1_u32..9) {
        let queued = |event: &Event| carrier("m", attempt, local::aws::events(Shape::EventBridge, std::slice::from_ref(event)));
        for source in ["events:us-east-1:123456789012:rule", "scheduler:us-east-1:123456789012:schedule/default"] {
            let schedule = Trigger::Schedule(Schedule { name: Some(name.clone()), scheduled_for: time });
            let tick = event(schedule, &id, &format!("arn:aws:{source}/{name}")).with_time(time);
            prop_assert_eq!(back(Shape::EventBridge, std::slice::from_ref(&tick)), std::slice::from_ref(&tick));
            prop_assert_eq!(back(Shape::Sqs, &[queued(&tick)]), [tick.with_attempt(attempt).within(INBOX)]);
        }
        let custom = event(Trigger::Event, &id, "my.shop").with_type(name).with_time(time)
            .with_attribute("account", "1").with_attribute("region", "us-east-1")
            .with_attribute("resources", "arn:a,arn:b").with_data(detail, Some("application/json"));
        prop_assert_eq!(back(Shape::EventBridge, std::slice::from_ref(&custom)), std::slice::from_ref(&custom));
        prop_assert_eq!(back(Shape::Sqs, &[queued(&custom)]), [custom.with_attempt(attempt).within(INBOX)]);
    }

    #[test]
    fn changes_come_back(change in change(), id in word(), time in millis()) {
        let table = change.collection.as_deref().unwrap_or_default();
        let source = format!("arn:aws:dynamodb:us-east-1:123456789012:table/{table}/stream/2024");
        let of_table = event(Trigger::Change(Box::new(change.clone())), &id, &source).with_time(time);
        prop_assert_eq!(back(Shape::DynamoDb, std::slice::from_ref(&of_table)), [of_table]);
        let time = time.and_then(|time| Time::from_seconds(time.as_millis() / 1_000));
        let of_cluster = event(Trigger::Change(Box::new(change)), &id, "arn:aws:rds:us-east-1:1:cluster:c").with_time(time);
        prop_assert_eq!(back(Shape::DocumentDb, std::slice::from_ref(&of_cluster)), [of_cluster]);
    }

    #[test]
    fn records_come_back((stream, data, time, offset) in record(), attributes in attributes()) {
        let name = stream.name.clone().unwrap_or_default();
        let partition = stream.partition.clone().unwrap_or_default();
        let source = format!("arn:aws:kinesis:us-east-1:123456789012:stream/{name}");
        let kinesis = event(Trigger::Stream(stream.clone()), &format!("{partition}:{offset}"), &source)
            .with_time(time).with_data(data.clone(), None);
        prop_assert_eq!(back(Shape::Kinesis, std::slice::from_ref(&kinesis)), [kinesis]);
        let time = time.and_then(|time| Time::from_millis(time.as_millis()));
        for source in ["", "arn:aws:kafka:us-east-1:1:cluster/c/u"] {
            let id = format!("{name}-{partition}-{offset}");
            let kafka = event(Trigger::Stream(stream.clone()), &id, source).with_time(time).with_data(data.clone(), None);
            let kafka = with_attributes(kafka, &attributes);
            prop_assert_eq!(back(Shape::Kafka, std::slice::from_ref(&kafka)), [kafka]);
        }
    }
}
