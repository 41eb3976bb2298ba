use bytes::Bytes;

use super::{Channel, Id, StoreError, channel::NAME};
use crate::{
    Event, Provider, Trigger,
    event::{Kind, Queue, Stream, Time, Topic},
};

/// One message, as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What its sender calls it; the same again when it is delivered again.
    pub id: String,
    /// When it was sent.
    pub sent: Time,
    /// The resource it came from; empty if it has none.
    pub source: String,
    /// The type of a custom event.
    pub ty: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// The media type of its data.
    pub media_type: Option<String>,
    /// The group within which order is kept: a FIFO group, an ordering key, a partition key.
    pub group: Option<String>,
    /// Message attributes, in the order they came.
    pub attributes: Vec<(String, String)>,
    /// Its data; empty if there is none.
    pub data: Bytes,
}

/// The most bytes of an item: twice what a local request may bring, for the base64 it may have come in.
pub(super) const SIZE: usize = 64 * 1024 * 1024;

impl Item {
    /// A message that is sent now, with this id and data, and nothing else known.
    ///
    /// ```
    /// use polyfn_shim::local::store::Item;
    ///
    /// let item = Item { group: Some("customer-1".into()), ..Item::new("1", "a book") };
    /// assert_eq!(item.data, "a book");
    /// ```
    pub fn new(id: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self {
            id: id.into(),
            sent: now(),
            source: String::new(),
            ty: None,
            subject: None,
            media_type: None,
            group: None,
            attributes: Vec::new(),
            data: data.into(),
        }
    }

    /// The message that the event brought; one without a time is sent now.
    ///
    /// Of the trigger's fields it keeps those that a sender chooses: the group, ordering key or partition key.
    pub fn of(event: &Event) -> Self {
        let (group, subject) = match event.trigger() {
            Trigger::Queue(queue) => (queue.group.clone(), None),
            Trigger::Topic(topic) => (topic.ordering_key.clone(), topic.subject.as_deref()),
            Trigger::Stream(stream) => (stream.partition_key.clone(), None),
            _ => (None, None),
        };
        Self {
            id: event.id().to_owned(),
            sent: event.time().unwrap_or_else(now),
            source: event.source().to_owned(),
            ty: (event.trigger().kind() == Kind::Event).then(|| event.ty().to_owned()),
            subject: event.subject().or(subject).map(str::to_owned),
            media_type: event.datacontenttype().map(str::to_owned),
            group,
            attributes: event.attributes().to_vec(),
            data: event.data().cloned().unwrap_or_default(),
        }
    }

    /// The event that its function gets, in the channel's kind; of a kind that no message has, a custom event.
    pub(in crate::local) fn event(&self, channel: &Channel, id: Id, attempt: u32) -> Event {
        let (name, group) = (Some(channel.name.clone()), self.group.clone());
        let sequence = Some(id.to_string());
        let trigger = match channel.kind {
            Kind::Queue => Trigger::Queue(Queue { name, group, sequence }),
            Kind::Topic => Trigger::Topic(Topic { name, subject: self.subject.clone(), ordering_key: group }),
            Kind::Stream => Trigger::Stream(Stream { name, partition: None, partition_key: group, sequence }),
            _ => Trigger::Event,
        };
        let mut event = Event::new(Provider::Local, trigger)
            .with_id(&self.id)
            .with_source(&self.source)
            .with_time(Some(self.sent))
            .with_attempt(attempt)
            .with_data(self.data.clone(), self.media_type.as_deref())
            .with_raw(self.data.clone());
        if let Some(ty) = &self.ty {
            event = event.with_type(ty);
        }
        if let Some(subject) = self.subject.as_ref().filter(|_| channel.kind != Kind::Topic) {
            event = event.with_subject(subject);
        }
        self.attributes.iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
    }

    /// Whether it is small enough to be stored.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let group = self.group.as_ref().map_or(0, String::len);
        if group > NAME {
            return Err(StoreError::too_large("name of a group", group, NAME));
        }
        let attributes = self.attributes.iter().map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(8));
        let texts = [&self.ty, &self.subject, &self.media_type].into_iter().flatten().map(String::len);
        let size =
            attributes.chain(texts).chain([self.id.len(), self.source.len(), self.data.len()]).fold(0, usize::saturating_add);
        if size > SIZE { Err(StoreError::too_large("message", size, SIZE)) } else { Ok(()) }
    }
}

/// Now, as exactly as it is stored, so that an item comes back equal.
fn now() -> Time {
    let now = Time::now();
    Time::from_millis(now.as_millis()).unwrap_or(now)
}
