//! Events that travel in a message of SQS or SNS. What is not exactly one of them stays the plain message.

use std::sync::LazyLock;

use bytes::Bytes;
use memchr::memmem::Finder;

use super::{
    eventbridge,
    leaf::Leaf,
    members::{Json, List, Map, members},
    place::piece,
    s3, sns, value,
};
use crate::Event;

/// The message that carries them.
#[derive(Clone, Copy)]
pub(super) struct Outer<'a> {
    pub(super) raw: &'a Bytes,
    pub(super) id: &'a str,
    pub(super) attempt: u32,
    pub(super) group: Option<&'a str>,
}

impl Outer<'_> {
    /// These events as the message's own: their ids, if it has several, are told apart by a number.
    fn own(&self, events: Vec<Event>) -> Vec<Event> {
        let several = events.len() > 1;
        let own = events.into_iter().enumerate().map(|(index, event)| {
            let id = if several { format!("{}#{}", self.id, index + 1) } else { self.id.to_owned() };
            event.with_id(id).with_attempt(self.attempt)
        });
        own.collect()
    }
}

members! {
    /// The top level of a message that may be an event: every member that any of them has.
    struct Envelope<'a> {
        ty: Leaf<'a> = b"Type",
        topic_arn: Leaf<'a> = b"TopicArn",
        message_id: Leaf<'a> = b"MessageId",
        message: Leaf<'a> = b"Message",
        subject: Leaf<'a> = b"Subject",
        timestamp: Leaf<'a> = b"Timestamp",
        message_attributes: Map<'a, sns::Attribute<'a>> = b"MessageAttributes",
        records: List<s3::Record<'a>> = b"Records",
        service: Leaf<'a> = b"Service",
        event: Leaf<'a> = b"Event",
        bucket: Leaf<'a> = b"Bucket",
        id: Leaf<'a> = b"id",
        source: Leaf<'a> = b"source",
        detail_type: Leaf<'a> = b"detail-type",
        detail: Json<'a> = b"detail",
        time: Leaf<'a> = b"time",
        account: Leaf<'a> = b"account",
        region: Leaf<'a> = b"region",
        resources: List<Leaf<'a>> = b"resources",
        replay_name: Leaf<'a> = b"replay-name",
    }
}

/// The events in the body of a message of SQS: none for S3's test, `None` if it is a plain message.
pub(super) fn of_queue(body: &Bytes, outer: &Outer<'_>) -> Option<Vec<Event>> {
    let envelope = read(body)?;
    if envelope.ty.text() == Some("Notification")
        && envelope.topic_arn.is_text()
        && let (Some(id), Leaf::Text(_)) = (envelope.message_id.text(), &envelope.message)
    {
        let message = piece(body, envelope.message.clone());
        let outer = Outer { id, ..*outer };
        let topic = envelope.topic_arn.text().unwrap_or_default();
        let inner = of_topic(&message, &outer).map(|events| events.into_iter().map(|event| event.within(topic)).collect());
        return inner.or_else(|| {
            let fields = sns::Fields {
                topic_arn: &envelope.topic_arn,
                subject: &envelope.subject,
                timestamp: &envelope.timestamp,
                attributes: &envelope.message_attributes.0,
            };
            Some(vec![sns::message_of(fields, message.clone(), &outer)])
        });
    }
    let is_bus = envelope.source.is_text() && envelope.detail_type.is_text() && envelope.time.is_text();
    if let Some(events) = objects(&envelope, outer) {
        return Some(events);
    }
    match envelope.id.text() {
        Some(id) if is_bus && envelope.detail.text().is_some() => {
            let outer = Outer { id, ..*outer };
            Some(outer.own(vec![eventbridge::event(body, &envelope, outer.raw)]))
        }
        _ => None,
    }
}

/// The events in a message of SNS: none for S3's test, `None` if it is a plain message.
pub(super) fn of_topic(message: &Bytes, outer: &Outer<'_>) -> Option<Vec<Event>> {
    objects(&read(message)?, outer)
}

fn read(message: &Bytes) -> Option<Envelope<'_>> {
    let first = message.iter().find(|byte| !byte.is_ascii_whitespace());
    let may_be = first == Some(&b'{') && MARKS.iter().any(|mark| mark.find(message).is_some());
    if may_be { value::whole(std::str::from_utf8(message).ok()?).ok() } else { None }
}

/// What stands in each event that travels in a message, and not in most other messages: those need not be parsed to be told.
///
/// Of S3, its records say `aws:s3` and its test `s3:TestEvent`.
static MARKS: LazyLock<[Finder<'static>; 3]> = LazyLock::new(|| ["\"TopicArn\"", "s3", "\"detail-type\""].map(Finder::new));

/// What S3 sends: changes of objects, or once, when notifications are switched on, a test.
fn objects(envelope: &Envelope<'_>, outer: &Outer<'_>) -> Option<Vec<Event>> {
    let test = envelope.service.text() == Some("Amazon S3") && envelope.event.text() == Some("s3:TestEvent");
    let records = &envelope.records.0;
    if test && envelope.bucket.is_text() && records.is_empty() {
        return Some(Vec::new());
    }
    if records.first().is_none_or(|record| record.source.text() != Some("aws:s3")) {
        return None;
    }
    let events = records.iter().enumerate().map(|(index, record)| {
        (record.source.text() == Some("aws:s3")).then(|| s3::event(index, record, outer.raw).ok()).flatten()
    });
    Some(outer.own(events.collect::<Option<_>>()?))
}
