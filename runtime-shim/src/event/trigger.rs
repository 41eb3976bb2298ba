use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Http, Time};

/// What starts an invocation, without its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An HTTP request.
    Http,
    /// A call with JSON in and JSON out.
    Direct,
    /// A message of a queue.
    Queue,
    /// A message of a topic.
    Topic,
    /// A change of a stored object.
    Object,
    /// A tick of a clock.
    Schedule,
    /// A change of a database record.
    Change,
    /// A record of a stream.
    Stream,
    /// A custom event.
    Event,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Http,
        Self::Direct,
        Self::Queue,
        Self::Topic,
        Self::Object,
        Self::Schedule,
        Self::Change,
        Self::Stream,
        Self::Event,
    ];

    /// The word for it, as attributes and the JSON form spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Direct => "direct",
            Self::Queue => "queue",
            Self::Topic => "topic",
            Self::Object => "object",
            Self::Schedule => "schedule",
            Self::Change => "change",
            Self::Stream => "stream",
            Self::Event => "event",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What starts an invocation, with the fields of its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// An HTTP request.
    Http(Box<Http>),
    /// A call with JSON in and JSON out.
    Direct,
    /// A message of a queue.
    Queue(Queue),
    /// A message of a topic.
    Topic(Topic),
    /// A change of a stored object.
    Object(Box<Object>),
    /// A tick of a clock.
    Schedule(Schedule),
    /// A change of a database record.
    Change(Box<Change>),
    /// A record of a stream.
    Stream(Stream),
    /// A custom event, told by its type.
    Event,
}

impl Trigger {
    /// The kind, without the fields.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Http(_) => Kind::Http,
            Self::Direct => Kind::Direct,
            Self::Queue(_) => Kind::Queue,
            Self::Topic(_) => Kind::Topic,
            Self::Object(_) => Kind::Object,
            Self::Schedule(_) => Kind::Schedule,
            Self::Change(_) => Kind::Change,
            Self::Stream(_) => Kind::Stream,
            Self::Event => Kind::Event,
        }
    }

    /// The provider-neutral CloudEvents `type`; empty for a custom event, which has its own.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::Http(_) => "polyfn.http.request",
            Self::Direct => "polyfn.direct.call",
            Self::Queue(_) => "polyfn.queue.message",
            Self::Topic(_) => "polyfn.topic.message",
            Self::Object(object) => match object.action {
                Action::Created => "polyfn.object.created",
                Action::Updated => "polyfn.object.updated",
                Action::Deleted => "polyfn.object.deleted",
                Action::Archived => "polyfn.object.archived",
                Action::Restored => "polyfn.object.restored",
            },
            Self::Schedule(_) => "polyfn.schedule.tick",
            Self::Change(change) => match change.action {
                Action::Created => "polyfn.change.created",
                Action::Deleted => "polyfn.change.deleted",
                _ => "polyfn.change.updated",
            },
            Self::Stream(_) => "polyfn.stream.record",
            Self::Event => "",
        }
    }
}

/// What was done to an object or a database record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new, or an object's content was replaced.
    Created,
    /// It, or what is known about it, changed.
    #[default]
    Updated,
    /// It is gone.
    Deleted,
    /// An object moved to a slower tier.
    Archived,
    /// An object came back from a slower tier.
    Restored,
}

impl Action {
    /// Every action, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Created, Self::Deleted, Self::Archived, Self::Restored, Self::Updated];

    /// The word for it, as attributes and the JSON form spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Archived => "archived",
            Self::Restored => "restored",
        }
    }
}

/// The fields of a queue's message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// The queue's name, if the delivery or its binding tells it.
    pub name: Option<String>,
    /// The group within which order is kept.
    pub group: Option<String>,
    /// The place in the queue's order, as the provider writes it.
    pub sequence: Option<String>,
}

/// The fields of a topic's message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// The topic's name, if the delivery or its binding tells it.
    pub name: Option<String>,
    /// The message's subject line.
    pub subject: Option<String>,
    /// The key within which order is kept.
    pub ordering_key: Option<String>,
}

/// The fields of a change of a stored object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What was done to it.
    pub action: Action,
    /// The bucket or container.
    pub bucket: String,
    /// The object's real name, with no encoding left in it.
    pub key: String,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// The provider's tag of its content.
    pub etag: Option<String>,
    /// The provider's name of this version of it.
    pub version: Option<String>,
    /// Its media type.
    pub content_type: Option<String>,
}

/// The fields of a tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The schedule's name.
    pub name: Option<String>,
    /// The time it was due.
    pub scheduled_for: Option<Time>,
}

/// The fields of a change of a database record. The three values are JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What was done to it: created, updated or deleted.
    pub action: Action,
    /// The table or collection.
    pub collection: Option<String>,
    /// Its key, as JSON.
    pub key: Option<String>,
    /// What it was, as JSON.
    pub before: Option<String>,
    /// What it is, as JSON.
    pub after: Option<String>,
}

/// The fields of a stream's record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The stream's name.
    pub name: Option<String>,
    /// The shard or partition.
    pub partition: Option<String>,
    /// The key that chose the partition.
    pub partition_key: Option<String>,
    /// The place in the partition, as the provider writes it.
    pub sequence: Option<String>,
}
