use std::borrow::Cow;

use bytes::Bytes;

use super::{
    arn, inner,
    leaf::Leaf,
    members::{Map, members},
    place::{owned, piece, required, time},
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    event::Topic,
};

members! {
    /// A delivery of SNS holds one in practice.
    ///
    /// Source: [Using Lambda with SNS](https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html).
    struct Record<'a> {
        source: Leaf<'a> = b"EventSource" | b"eventSource",
        sns: Notification<'a> = b"Sns",
    }
}

members! {
    /// A message of SNS.
    struct Notification<'a> {
        topic_arn: Leaf<'a> = b"TopicArn",
        message_id: Leaf<'a> = b"MessageId",
        message: Leaf<'a> = b"Message",
        subject: Leaf<'a> = b"Subject",
        timestamp: Leaf<'a> = b"Timestamp",
        attributes: Map<'a, Attribute<'a>> = b"MessageAttributes",
    }
}

members! {
    /// What the sender said of a message.
    struct Attribute<'a> {
        value: Leaf<'a> = b"Value",
    }
}

pub(super) fn decode(bytes: &Bytes, records: Vec<Record<'_>>, to: &mut Decoded) -> Result<(), DecodeError> {
    for (index, Record { mut sns, .. }) in records.into_iter().enumerate() {
        let id = required(&sns.message_id, || format!("Records[{index}].Sns.MessageId"))?;
        let message = match std::mem::take(&mut sns.message) {
            message @ Leaf::Text(_) => piece(bytes, message),
            Leaf::Absent => return Err(DecodeError::at(format!("Records[{index}].Sns.Message"), "missing")),
            _ => return Err(DecodeError::at(format!("Records[{index}].Sns.Message"), "not a string")),
        };
        let outer = inner::Outer { raw: bytes, id, attempt: 1, group: None };
        match inner::of_topic(&message, &outer) {
            Some(events) if events.is_empty() => to.tests += 1,
            Some(events) => {
                let topic = sns.topic_arn.text().unwrap_or_default();
                events.into_iter().for_each(|event| to.push(event.within(topic), Receipt::default()));
            }
            None => {
                let event = message_of(sns.fields(), message, &outer);
                to.push(event, Receipt::default());
            }
        }
    }
    Ok(())
}

/// The members of a notification, wherever it stands.
pub(super) struct Fields<'f, 'a> {
    pub(super) topic_arn: &'f Leaf<'a>,
    pub(super) subject: &'f Leaf<'a>,
    pub(super) timestamp: &'f Leaf<'a>,
    pub(super) attributes: &'f [(Cow<'a, str>, Attribute<'a>)],
}

impl<'a> Notification<'a> {
    fn fields(&self) -> Fields<'_, 'a> {
        Fields { topic_arn: &self.topic_arn, subject: &self.subject, timestamp: &self.timestamp, attributes: &self.attributes.0 }
    }
}

/// The event of a notification whose id is the outer one's.
pub(super) fn message_of(fields: Fields<'_, '_>, message: Bytes, outer: &inner::Outer<'_>) -> Event {
    let source = fields.topic_arn.text().unwrap_or_default();
    let topic = Topic { name: arn::last(source), subject: owned(fields.subject), ordering_key: outer.group.map(str::to_owned) };
    let mut media_type = None;
    let mut event = Event::new(Provider::Aws, Trigger::Topic(topic))
        .with_id(outer.id)
        .with_source(source)
        .with_time(time(fields.timestamp))
        .with_attempt(outer.attempt)
        .with_raw(outer.raw.clone());
    for (name, attribute) in fields.attributes {
        if let Some(value) = attribute.value.text() {
            if name.eq_ignore_ascii_case("content-type") {
                media_type = Some(value);
            }
            event = event.with_attribute(&**name, value);
        }
    }
    event.with_data(message, media_type)
}
