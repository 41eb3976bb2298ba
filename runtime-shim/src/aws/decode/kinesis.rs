use bytes::Bytes;

use super::{
    arn,
    decimal::seconds,
    leaf::Leaf,
    members::{Json, members},
    place::{owned, required},
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    base64,
    event::Stream,
};

members! {
    /// A record of Kinesis.
    ///
    /// Source: [Using Lambda with Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html).
    struct Record<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
        source_arn: Leaf<'a> = b"eventSourceARN",
        id: Leaf<'a> = b"eventID",
        kinesis: Content<'a> = b"kinesis",
    }
}

members! {
    /// What was put into the stream.
    struct Content<'a> {
        data: Leaf<'a> = b"data",
        key: Leaf<'a> = b"partitionKey",
        sequence: Leaf<'a> = b"sequenceNumber",
        time: Json<'a> = b"approximateArrivalTimestamp",
    }
}

pub(super) fn decode(bytes: &Bytes, records: &[Record<'_>], to: &mut Decoded) -> Result<(), DecodeError> {
    let mut streams = arn::Name::by(|arn| arn::after(arn, "stream/"));
    for (index, record) in records.iter().enumerate() {
        let place = |member: &str| format!("Records[{index}].kinesis.{member}");
        let content = &record.kinesis;
        let data = match &content.data {
            Leaf::Text(data) => base64::decode(data.as_bytes()).map_err(|_| DecodeError::at(place("data"), "invalid base64"))?,
            Leaf::Absent => return Err(DecodeError::at(place("data"), "missing")),
            _ => return Err(DecodeError::at(place("data"), "not a string")),
        };
        let sequence = required(&content.sequence, || place("sequenceNumber"))?;
        let source = record.source_arn.text().unwrap_or_default();
        let id = record.id.text().unwrap_or_default();
        let stream = Stream {
            name: streams.of(source),
            partition: id.split_once(':').map(|(shard, _)| shard.to_owned()),
            partition_key: owned(&content.key),
            sequence: Some(sequence.to_owned()),
        };
        let event = Event::new(Provider::Aws, Trigger::Stream(stream))
            .with_id(id)
            .with_source(source)
            .with_time(content.time.number().and_then(seconds))
            .with_data(data, None)
            .with_raw(bytes.clone());
        to.push(event, Receipt::new(sequence, None));
    }
    Ok(())
}
