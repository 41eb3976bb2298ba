use std::sync::Arc;

use bytes::Bytes;

use super::{
    leaf::Leaf,
    members::{Json, List, Map, members},
    place::{millis, required},
    reader::{self, Malformed, Reader, must},
    value::{self, Value as _},
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    base64,
    event::Stream,
};

members! {
    /// A delivery of Kafka, of Amazon MSK or self-managed.
    ///
    /// Source: [Using Lambda with MSK](https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html).
    struct Delivery<'a> {
        source_arn: Leaf<'a> = b"eventSourceArn",
        // As text: thousands of records, all read, would take as much memory as their events.
        records: Map<'a, List<Json<'a>>> = b"records",
    }
}

members! {
    /// A record of one partition.
    struct Record<'a> {
        topic: Leaf<'a> = b"topic",
        partition: Leaf<'a> = b"partition",
        offset: Leaf<'a> = b"offset",
        timestamp: Leaf<'a> = b"timestamp",
        key: Leaf<'a> = b"key",
        value: Leaf<'a> = b"value",
        headers: Json<'a> = b"headers",
    }
}

pub(super) fn decode(bytes: &Bytes, text: &str, to: &mut Decoded) -> Result<(), DecodeError> {
    let delivery: Delivery<'_> = value::whole(text).map_err(|malformed| value::error(text, malformed))?;
    let source = Arc::from(delivery.source_arn.text().unwrap_or_default());
    to.reserve(delivery.records.0.iter().map(|(_, List(records))| records.len()).sum());
    let mut place = Arc::default();
    for (partition, List(records)) in &delivery.records.0 {
        for (index, record) in records.iter().enumerate() {
            let text = record.text().unwrap_or("null");
            let read = value::whole(text).map_err(|malformed| value::error(text, malformed));
            let read = read.and_then(|record: Record<'_>| event(&record, &mut place));
            let (event, receipt) = read.map_err(|error| error.under(&format!("records.{partition}[{index}]")))?;
            to.push(event.with_shared_source(&source).with_raw(bytes.clone()), receipt);
        }
    }
    Ok(())
}

/// `place` is the one of the record before, to be shared.
fn event(record: &Record<'_>, place: &mut Arc<str>) -> Result<(Event, Receipt), DecodeError> {
    let topic = required(&record.topic, || "topic".to_owned())?;
    let partition = whole("partition", &record.partition)?;
    let offset = whole("offset", &record.offset)?;
    let key = decoded("key", &record.key)?;
    let value = decoded("value", &record.value)?;
    let name = format!("{topic}-{partition}");
    if **place != *name {
        *place = name.into();
    }
    let receipt = Receipt::new(offset.to_string(), Some(Arc::clone(place)));
    let stream = Stream {
        name: Some(topic.to_owned()),
        partition: Some(partition.to_string()),
        partition_key: key.and_then(|key| String::from_utf8(key).ok()),
        sequence: Some(offset.to_string()),
    };
    let mut event = Event::new(Provider::Aws, Trigger::Stream(stream))
        .with_id(format!("{place}-{offset}"))
        .with_time(millis(&record.timestamp))
        .with_attributes(headers(record.headers)?);
    if let Some(value) = value {
        event = event.with_data(value, None);
    }
    Ok((event, receipt))
}

fn whole(member: &str, leaf: &Leaf<'_>) -> Result<i64, DecodeError> {
    let reason = if leaf.is_absent() { "missing" } else { "not a whole number" };
    leaf.whole().ok_or_else(|| DecodeError::at(member, reason))
}

fn decoded(member: &str, leaf: &Leaf<'_>) -> Result<Option<Vec<u8>>, DecodeError> {
    match leaf {
        Leaf::Absent => Ok(None),
        Leaf::Text(text) => match base64::decode(text.as_bytes()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(_) => Err(DecodeError::at(member, "invalid base64")),
        },
        _ => Err(DecodeError::at(member, "not a string")),
    }
}

const REASON: &str = "not a list of names and bytes";
const WRONG: Malformed = Malformed(REASON);

/// A list of objects of one name and a list of bytes, which a JVM may count from -128 on.
fn headers(json: Json<'_>) -> Result<Vec<(String, String)>, DecodeError> {
    let mut headers = Vec::new();
    let Some(json) = json.text() else { return Ok(headers) };
    let list = Reader::new(json).array(|reader| {
        let object = reader.object(|name, reader| {
            let name = name.text()?.into_owned();
            // A value that is no text cannot be an attribute as it is.
            let value = String::from_utf8(signed(reader)?).unwrap_or_else(|bytes| base64::encode(bytes.as_bytes()));
            // Most records have none or one.
            headers.reserve_exact(usize::from(headers.is_empty()));
            headers.push((name, value));
            Ok(())
        });
        object.and_then(|is| must(is, REASON))
    });
    match list.and_then(|is| must(is, REASON)) {
        Ok(()) => Ok(headers),
        Err(_) => Err(DecodeError::at("headers", REASON)),
    }
}

/// A list of bytes; `null` is an empty one.
fn signed(reader: &mut Reader<'_>) -> reader::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if reader.peek()? == b'n' {
        reader.word()?;
        return Ok(bytes);
    }
    let list = reader.array(|reader| {
        let Leaf::Integer(byte) = Leaf::read(reader)? else { return Err(WRONG) };
        let byte = u8::try_from(byte).ok().or_else(|| i8::try_from(byte).ok().map(i8::cast_unsigned));
        bytes.push(byte.ok_or(WRONG)?);
        Ok(())
    });
    list.and_then(|is| must(is, REASON))?;
    Ok(bytes)
}
