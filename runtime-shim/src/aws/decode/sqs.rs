use std::sync::Arc;

use bytes::Bytes;

use super::{
    arn,
    body::Body,
    inner,
    leaf::Leaf,
    members::members,
    place::{attempt, millis, owned, required, shared},
    reader::{Reader, Result},
    value::Value,
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    event::Queue,
};

members! {
    /// A message of SQS.
    ///
    /// Source: [Using Lambda with SQS](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
    struct Record<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
        source_arn: Leaf<'a> = b"eventSourceARN",
        message_id: Leaf<'a> = b"messageId",
        body: Body<'a> = b"body",
        attributes: System<'a> = b"attributes",
        message_attributes: Attributes = b"messageAttributes",
    }
}

members! {
    /// What SQS itself says of a message.
    struct System<'a> {
        sent: Leaf<'a> = b"SentTimestamp",
        receive_count: Leaf<'a> = b"ApproximateReceiveCount",
        group: Leaf<'a> = b"MessageGroupId",
        sequence: Leaf<'a> = b"SequenceNumber",
    }
}

/// What the sender said of a message, as an event has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Attributes {
    pairs: Vec<(String, String)>,
    media_type: Option<String>,
}

impl<'a> Value<'a> for Attributes {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut to = Self::default();
        reader.object(|name, reader| {
            let (name, attribute) = (name.text()?, Attribute::read(reader)?);
            if let Some(value) = attribute.text.text().or(attribute.binary.text()) {
                if name.eq_ignore_ascii_case("content-type") {
                    to.media_type = owned(&attribute.text);
                }
                // Most messages have none or one.
                to.pairs.reserve_exact(usize::from(to.pairs.is_empty()));
                to.pairs.push((name.into_owned(), value.to_owned()));
            }
            Ok(())
        })?;
        Ok(to)
    }
}

members! {
    /// One of them; a number is text too.
    struct Attribute<'a> {
        text: Leaf<'a> = b"stringValue",
        binary: Leaf<'a> = b"binaryValue",
    }
}

pub(super) fn decode(bytes: &Bytes, records: Vec<Record<'_>>, to: &mut Decoded) -> std::result::Result<(), DecodeError> {
    let mut queues = arn::Sources::named_by(arn::last);
    for (index, mut record) in records.into_iter().enumerate() {
        let attributes = std::mem::take(&mut record.message_attributes);
        let id = required(&record.message_id, || format!("Records[{index}].messageId"))?;
        let body = std::mem::take(&mut record.body).plain(bytes);
        let body = body.ok_or_else(|| DecodeError::at(format!("Records[{index}].body"), "not a string"))?;
        let group = record.attributes.group.text();
        let outer = inner::Outer { raw: bytes, id, attempt: attempt(&record.attributes.receive_count), group };
        let place = shared(bytes, id);
        let receipt = Receipt::new(place.clone(), group.map(Arc::from));
        match inner::of_queue(&body, &outer) {
            Some(events) if events.is_empty() => to.tests += 1,
            Some(events) => {
                let queue = record.source_arn.text().unwrap_or_default();
                events.into_iter().for_each(|event| to.push(event.within(queue), receipt.clone()));
            }
            None => to.push(message(&record, attributes, body, place, &outer, &mut queues), receipt),
        }
    }
    Ok(())
}

fn message(
    record: &Record<'_>,
    attributes: Attributes,
    body: Bytes,
    id: Bytes,
    outer: &inner::Outer<'_>,
    queues: &mut arn::Sources,
) -> Event {
    let (source, name) = queues.of(record.source_arn.text().unwrap_or_default());
    let system = &record.attributes;
    let queue = Queue { name, group: owned(&system.group), sequence: owned(&system.sequence) };
    Event::new(Provider::Aws, Trigger::Queue(queue))
        .with_id_in_delivery(id)
        .with_shared_source(&source)
        .with_time(millis(&system.sent))
        .with_attempt(outer.attempt)
        .with_attributes(attributes.pairs)
        .with_data(body, attributes.media_type.as_deref())
        .with_raw(outer.raw.clone())
}
