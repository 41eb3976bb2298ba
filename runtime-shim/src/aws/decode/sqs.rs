use std::sync::Arc;

use bytes::Bytes;

use super::{
    arn,
    body::Body,
    inner,
    leaf::Leaf,
    members::{Map, members},
    place::{attempt, millis, owned, required, shared},
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
        message_attributes: Map<'a, Attribute<'a>> = b"messageAttributes",
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

members! {
    /// What the sender said of a message; a number is text too.
    struct Attribute<'a> {
        text: Leaf<'a> = b"stringValue",
        binary: Leaf<'a> = b"binaryValue",
    }
}

pub(super) fn decode(bytes: &Bytes, records: Vec<Record<'_>>, to: &mut Decoded) -> Result<(), DecodeError> {
    let mut queues = arn::Sources::named_by(arn::last);
    for (index, mut record) in records.into_iter().enumerate() {
        let id = required(&record.message_id, || format!("Records[{index}].messageId"))?;
        let body = std::mem::take(&mut record.body).plain(bytes);
        let body = body.ok_or_else(|| DecodeError::at(format!("Records[{index}].body"), "not a string"))?;
        let group = record.attributes.group.text();
        let outer = inner::Outer { raw: bytes, id, attempt: attempt(&record.attributes.receive_count), group };
        let receipt = Receipt::new(shared(bytes, id), group.map(Arc::from));
        match inner::of_queue(&body, &outer) {
            Some(events) if events.is_empty() => to.tests += 1,
            Some(events) => {
                let queue = record.source_arn.text().unwrap_or_default();
                events.into_iter().for_each(|event| to.push(event.within(queue), receipt.clone()));
            }
            None => to.push(message(&record, body, &outer, &mut queues), receipt),
        }
    }
    Ok(())
}

fn message(record: &Record<'_>, body: Bytes, outer: &inner::Outer<'_>, queues: &mut arn::Sources) -> Event {
    let (source, name) = queues.of(record.source_arn.text().unwrap_or_default());
    let system = &record.attributes;
    let queue = Queue { name, group: owned(&system.group), sequence: owned(&system.sequence) };
    let mut media_type = None;
    let mut event = Event::new(Provider::Aws, Trigger::Queue(queue))
        .with_id(outer.id)
        .with_shared_source(&source)
        .with_time(millis(&system.sent))
        .with_attempt(outer.attempt)
        .with_raw(outer.raw.clone());
    for (name, attribute) in &record.message_attributes.0 {
        if let Some(value) = attribute.text.text().or(attribute.binary.text()) {
            if name.eq_ignore_ascii_case("content-type") {
                media_type = attribute.text.text();
            }
            event = event.with_attribute(&**name, value);
        }
    }
    event.with_data(body, media_type)
}
