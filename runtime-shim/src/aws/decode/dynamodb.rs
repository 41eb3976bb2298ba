use bytes::Bytes;

use super::{
    arn,
    decimal::seconds,
    leaf::Leaf,
    members::{Json, members},
    place::{required, shared},
    typed,
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    event::{Action, Change},
};

members! {
    /// A change in a stream of DynamoDB.
    ///
    /// Source: [Using Lambda with DynamoDB](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html).
    struct Record<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
        source_arn: Leaf<'a> = b"eventSourceARN",
        id: Leaf<'a> = b"eventID",
        name: Leaf<'a> = b"eventName",
        dynamodb: Option<Item<'a>> = b"dynamodb",
    }
}

members! {
    /// What changed; which images are there is the stream's setting.
    struct Item<'a> {
        time: Json<'a> = b"ApproximateCreationDateTime",
        keys: typed::Item = b"Keys",
        before: typed::Item = b"OldImage",
        after: typed::Item = b"NewImage",
        sequence: Leaf<'a> = b"SequenceNumber",
    }
}

pub(super) fn decode(bytes: &Bytes, records: Vec<Record<'_>>, to: &mut Decoded) -> Result<(), DecodeError> {
    let mut tables = arn::Sources::named_by(|arn| arn::after(arn, "table/"));
    for (index, record) in records.into_iter().enumerate() {
        let name = required(&record.name, || format!("Records[{index}].eventName"))?;
        let Some(mut item) = record.dynamodb else {
            return Err(DecodeError::at(format!("Records[{index}].dynamodb"), "missing"));
        };
        let plain = |member: &str, item: &mut typed::Item| match std::mem::take(item) {
            typed::Item::Plain(json) => Ok(Some(json)),
            typed::Item::Absent => Ok(None),
            typed::Item::Other => Err(DecodeError::at(format!("Records[{index}].dynamodb.{member}"), "no item of typed values")),
        };
        let (source, collection) = tables.of(record.source_arn.text().unwrap_or_default());
        let change = Change {
            action: match name {
                "INSERT" => Action::Created,
                "REMOVE" => Action::Deleted,
                _ => Action::Updated,
            },
            collection,
            key: plain("Keys", &mut item.keys)?,
            before: plain("OldImage", &mut item.before)?,
            after: plain("NewImage", &mut item.after)?,
        };
        let event = Event::new(Provider::Aws, Trigger::Change(Box::new(change)))
            .with_id_in_delivery(shared(bytes, record.id.text().unwrap_or_default()))
            .with_shared_source(&source)
            .with_time(item.time.number().and_then(seconds))
            .with_raw(bytes.clone());
        // It has more digits than any number, so it is text everywhere.
        let sequence = item.sequence.text().filter(|sequence| !sequence.is_empty());
        to.push(event, sequence.map_or_else(Receipt::default, |sequence| Receipt::new(shared(bytes, sequence), None)));
    }
    Ok(())
}
