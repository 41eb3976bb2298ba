use bytes::Bytes;

use super::{
    arn,
    decimal::seconds,
    leaf::Leaf,
    members::{Json, members},
    place::required,
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
        keys: Json<'a> = b"Keys",
        before: Json<'a> = b"OldImage",
        after: Json<'a> = b"NewImage",
        sequence: Leaf<'a> = b"SequenceNumber",
    }
}

pub(super) fn decode(bytes: &Bytes, records: &[Record<'_>], to: &mut Decoded) -> Result<(), DecodeError> {
    let mut tables = arn::Name::by(|arn| arn::after(arn, "table/"));
    for (index, record) in records.iter().enumerate() {
        let name = required(&record.name, || format!("Records[{index}].eventName"))?;
        let Some(item) = &record.dynamodb else {
            return Err(DecodeError::at(format!("Records[{index}].dynamodb"), "missing"));
        };
        let plain = |member: &str, json: Json<'_>| match json.text().map(typed::plain) {
            Some(Some(json)) => Ok(Some(json)),
            Some(None) => Err(DecodeError::at(format!("Records[{index}].dynamodb.{member}"), "no item of typed values")),
            None => Ok(None),
        };
        let source = record.source_arn.text().unwrap_or_default();
        let change = Change {
            action: match name {
                "INSERT" => Action::Created,
                "REMOVE" => Action::Deleted,
                _ => Action::Updated,
            },
            collection: tables.of(source),
            key: plain("Keys", item.keys)?,
            before: plain("OldImage", item.before)?,
            after: plain("NewImage", item.after)?,
        };
        let event = Event::new(Provider::Aws, Trigger::Change(Box::new(change)))
            .with_id(record.id.text().unwrap_or_default())
            .with_source(source)
            .with_time(item.time.number().and_then(seconds))
            .with_raw(bytes.clone());
        // It has more digits than any number, so it is text everywhere.
        let sequence = item.sequence.text().filter(|sequence| !sequence.is_empty());
        to.push(event, sequence.map_or_else(Receipt::default, |sequence| Receipt::new(sequence, None)));
    }
    Ok(())
}
