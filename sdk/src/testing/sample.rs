//! Events to send in tests, with defaults for all that a test does not care about.

use bytes::Bytes;
use polyfn_shim::{
    Provider, Trigger,
    event::{self, Action, Time},
};
use serde::Serialize;

/// A message of a queue or a topic.
///
/// ```
/// use polyfn::{Event, testing::sample::Message};
///
/// let event: Event = Message::queue("orders").json(&7).attribute("tenant", "a").attempt(3).into();
/// assert_eq!((event.attempt(), event.attribute("tenant")), (3, Some("a")));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Message(event::Event);

impl Message {
    /// A message of this queue, without a body.
    pub fn queue(name: impl Into<String>) -> Self {
        Self(of(Trigger::Queue(event::Queue { name: Some(name.into()), ..event::Queue::default() })))
    }

    /// A message of this topic, without a body.
    pub fn topic(name: impl Into<String>) -> Self {
        Self(of(Trigger::Topic(event::Topic { name: Some(name.into()), ..event::Topic::default() })))
    }

    /// Sets the body to this item as JSON.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn json<T: Serialize + ?Sized>(self, item: &T) -> Self {
        Self(self.0.with_data(json(item), Some("application/json")))
    }

    /// Sets the body to this text.
    pub fn text(self, text: impl Into<String>) -> Self {
        Self(self.0.with_data(text.into(), Some("text/plain; charset=utf-8")))
    }

    /// Sets the body to these bytes.
    pub fn bytes(self, bytes: impl Into<Bytes>) -> Self {
        Self(self.0.with_data(bytes, Some("application/octet-stream")))
    }

    /// Adds an attribute.
    pub fn attribute(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.with_attribute(name, value))
    }

    /// Sets the group or ordering key, within which order is kept.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        match self.0.trigger_mut() {
            Trigger::Queue(queue) => queue.group = Some(group.into()),
            Trigger::Topic(topic) => topic.ordering_key = Some(group.into()),
            _ => {}
        }
        self
    }

    /// Sets which delivery of the message it is, from 1 on.
    pub fn attempt(self, attempt: u32) -> Self {
        Self(self.0.with_attempt(attempt))
    }
}

/// A record of a stream.
///
/// ```
/// use polyfn::{Event, testing::sample::Record};
///
/// let event: Event = Record::new("clicks").json(&7).key("user-1").into();
/// assert_eq!(event.data().unwrap(), "7");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Record(event::Event);

impl Record {
    /// A record of this stream, without data.
    pub fn new(stream: impl Into<String>) -> Self {
        Self(of(Trigger::Stream(event::Stream { name: Some(stream.into()), ..event::Stream::default() })))
    }

    /// Sets the data to this item as JSON.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn json<T: Serialize + ?Sized>(self, item: &T) -> Self {
        Self(self.0.with_data(json(item), Some("application/json")))
    }

    /// Sets the data to these bytes.
    pub fn bytes(self, bytes: impl Into<Bytes>) -> Self {
        Self(self.0.with_data(bytes, Some("application/octet-stream")))
    }

    /// Sets the key that chooses the partition.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        if let Trigger::Stream(stream) = self.0.trigger_mut() {
            stream.partition_key = Some(key.into());
        }
        self
    }
}

/// News of a stored object.
///
/// ```
/// use polyfn::{Event, testing::sample::Object};
///
/// let event: Event = Object::created("uploads", "a b.png").size(5).content_type("image/png").into();
/// assert_eq!(event.ty(), "polyfn.object.created");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Object(event::Object);

impl Object {
    /// An object that is new.
    pub fn created(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self(event::Object {
            action: Action::Created,
            bucket: bucket.into(),
            key: key.into(),
            size: Some(1024),
            etag: Some("d41d8cd98f00b204e9800998ecf8427e".to_owned()),
            ..event::Object::default()
        })
    }

    /// An object that is gone.
    pub fn deleted(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        let (bucket, key) = (bucket.into(), key.into());
        Self(event::Object { action: Action::Deleted, bucket, key, ..event::Object::default() })
    }

    /// Sets its size in bytes.
    pub fn size(mut self, size: u64) -> Self {
        self.0.size = Some(size);
        self
    }

    /// Sets its media type.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.0.content_type = Some(content_type.into());
        self
    }
}

/// A tick of a schedule.
///
/// ```
/// use polyfn::{Event, testing::sample::Tick};
///
/// let event: Event = Tick::of("nightly").at("2026-01-01T05:00:00Z").into();
/// assert_eq!(event.ty(), "polyfn.schedule.tick");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Tick(event::Schedule);

impl Tick {
    /// A tick of the schedule of the function of this name, due now.
    pub fn of(function: impl Into<String>) -> Self {
        let now = Time::from_seconds(Time::now().as_millis().div_euclid(1_000));
        Self(event::Schedule { name: Some(function.into()), scheduled_for: now })
    }

    /// Sets when it was due, in RFC 3339.
    ///
    /// # Panics
    /// If that is no time.
    #[expect(clippy::panic, reason = "a test that cannot run has failed")]
    pub fn at(mut self, time: &str) -> Self {
        let parsed = Time::parse(time);
        self.0.scheduled_for = Some(parsed.unwrap_or_else(|| panic!("`{time}` is no time such as 2026-01-01T05:00:00Z")));
        self
    }
}

/// A change of a record of a database.
///
/// ```
/// use polyfn::{Event, testing::sample::Change};
///
/// let event: Event = Change::updated("users", &"old", &"new").into();
/// assert_eq!(event.ty(), "polyfn.change.updated");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Change(event::Change);

impl Change {
    /// A record that is new.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn created<T: Serialize + ?Sized>(collection: impl Into<String>, after: &T) -> Self {
        Self::of(collection, Action::Created, None, Some(json(after)))
    }

    /// A record that was one thing and is another.
    ///
    /// # Panics
    /// If one cannot be JSON.
    pub fn updated<T: Serialize + ?Sized>(collection: impl Into<String>, before: &T, after: &T) -> Self {
        Self::of(collection, Action::Updated, Some(json(before)), Some(json(after)))
    }

    /// A record that is gone.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn deleted<T: Serialize + ?Sized>(collection: impl Into<String>, before: &T) -> Self {
        Self::of(collection, Action::Deleted, Some(json(before)), None)
    }

    fn of(collection: impl Into<String>, action: Action, before: Option<String>, after: Option<String>) -> Self {
        Self(event::Change { action, collection: Some(collection.into()), key: Some(r#"{"id":"1"}"#.to_owned()), before, after })
    }

    /// Sets its key.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn key<T: Serialize + ?Sized>(mut self, key: &T) -> Self {
        self.0.key = Some(json(key));
        self
    }
}

/// A custom event.
///
/// ```
/// use polyfn::testing::sample;
///
/// let event: polyfn::Event = sample::Event::new("order.created").source("/shop").json(&7).into();
/// assert_eq!((event.ty(), event.source()), ("order.created", "/shop"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Event(event::Event);

impl Event {
    /// An event of this type, without data.
    pub fn new(ty: impl Into<String>) -> Self {
        Self(of(Trigger::Event).with_type(ty))
    }

    /// Sets what sent it.
    pub fn source(self, source: impl Into<String>) -> Self {
        Self(self.0.with_source(source.into()))
    }

    /// Sets the data to this item as JSON.
    ///
    /// # Panics
    /// If it cannot be JSON.
    pub fn json<T: Serialize + ?Sized>(self, item: &T) -> Self {
        Self(self.0.with_data(json(item), Some("application/json")))
    }
}

impl From<Message> for event::Event {
    fn from(Message(event): Message) -> Self {
        event
    }
}

impl From<Record> for event::Event {
    fn from(Record(event): Record) -> Self {
        event
    }
}

impl From<Event> for event::Event {
    fn from(Event(event): Event) -> Self {
        event
    }
}

impl From<Object> for event::Event {
    fn from(Object(object): Object) -> Self {
        of(Trigger::Object(Box::new(object)))
    }
}

impl From<Tick> for event::Event {
    fn from(Tick(schedule): Tick) -> Self {
        let time = schedule.scheduled_for;
        of(Trigger::Schedule(schedule)).with_time(time)
    }
}

impl From<Change> for event::Event {
    fn from(Change(change): Change) -> Self {
        of(Trigger::Change(Box::new(change)))
    }
}

fn of(trigger: Trigger) -> event::Event {
    event::Event::new(Provider::Local, trigger)
}

/// This item as JSON.
#[expect(clippy::panic, reason = "a test that cannot run has failed")]
pub(super) fn json<T: Serialize + ?Sized>(item: &T) -> String {
    serde_json::to_string(item).unwrap_or_else(|error| panic!("what is to be sent cannot be JSON: {error}"))
}
