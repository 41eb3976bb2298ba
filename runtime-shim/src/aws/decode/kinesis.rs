use bytes::Bytes;

use super::{
    arn,
    decimal::seconds,
    leaf::Leaf,
    members::{Json, members},
    place::{owned, required, shared},
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
    let mut streams = arn::Sources::named_by(|arn| arn::after(arn, "stream/"));
    let mut data = data(records)?;
    for (index, record) in records.iter().enumerate() {
        let content = &record.kinesis;
        let sequence = required(&content.sequence, || place(index, "sequenceNumber"))?;
        let (source, name) = streams.of(record.source_arn.text().unwrap_or_default());
        let id = record.id.text().unwrap_or_default();
        let stream = Stream {
            name,
            partition: id.split_once(':').map(|(shard, _)| shard.to_owned()),
            partition_key: owned(&content.key),
            sequence: Some(sequence.to_owned()),
        };
        let event = Event::new(Provider::Aws, Trigger::Stream(stream))
            .with_id_in_delivery(shared(bytes, id))
            .with_shared_source(&source)
            .with_time(content.time.number().and_then(seconds))
            .with_data(data.next().unwrap_or_default(), None)
            .with_raw(bytes.clone());
        to.push(event, Receipt::new(shared(bytes, sequence), None));
    }
    Ok(())
}

/// What was put into the stream, record by record, in one buffer for all.
fn data(records: &[Record<'_>]) -> Result<impl Iterator<Item = Bytes> + use<>, DecodeError> {
    let length = records.iter().filter_map(|record| record.kinesis.data.text()).map(|text| text.len() / 4 * 3).sum();
    let mut data = Vec::with_capacity(length);
    let mut ends = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let refused = |reason| Err(DecodeError::at(place(index, "data"), reason));
        match &record.kinesis.data {
            Leaf::Text(text) if base64::append(text.as_bytes(), &mut data).is_ok() => ends.push(data.len()),
            Leaf::Text(_) => return refused("invalid base64"),
            Leaf::Absent => return refused("missing"),
            _ => return refused("not a string"),
        }
    }
    let mut rest = Bytes::from(data);
    let mut start = 0;
    Ok(ends.into_iter().map(move |end| rest.split_to(end - std::mem::replace(&mut start, end))))
}

fn place(index: usize, member: &str) -> String {
    format!("Records[{index}].kinesis.{member}")
}
