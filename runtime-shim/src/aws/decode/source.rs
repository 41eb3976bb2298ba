use bytes::Bytes;

use super::{
    Decoded, documentdb, dynamodb, eventbridge, kafka, kinesis,
    leaf::Leaf,
    predicates::Kind,
    records::Records,
    s3, sns, sqs,
    value::{self, Value},
};
use crate::{
    DecodeError,
    aws::{Receipt, Shape},
};

/// Which sources of events a program knows.
pub(super) trait Sources {
    /// What the member `Records` is read as.
    type Records<'a>: Read<'a>;
}

/// What reads a delivery that is no request and no call.
pub(super) trait Read<'a>: Default + Value<'a> {
    /// Whether these are records of a source that Lambda has.
    fn is_known(&self) -> bool;

    /// The events of a delivery of this kind, whose records these are if it has any; `text` is the same as `bytes`.
    fn decode(self, kind: Kind, bytes: &Bytes, text: &str) -> Result<Decoded, DecodeError>;
}

/// All of them.
pub(super) enum AllSources {}

impl Sources for AllSources {
    type Records<'a> = Records<'a>;
}

impl<'a> Read<'a> for Records<'a> {
    fn is_known(&self) -> bool {
        !matches!(self, Self::Other)
    }

    fn decode(self, kind: Kind, bytes: &Bytes, text: &str) -> Result<Decoded, DecodeError> {
        match kind {
            Kind::Kafka => read(Shape::Kafka, |to| kafka::decode(bytes, text, to)),
            Kind::DocumentDb => read(Shape::DocumentDb, |to| documentdb::decode(bytes, text, to)),
            Kind::EventBridge => read(Shape::EventBridge, |to| {
                let envelope = value::whole(text).map_err(|malformed| value::error(text, malformed))?;
                to.push(eventbridge::event(bytes, &envelope, bytes), Receipt::default());
                Ok(())
            }),
            Kind::Records | Kind::Http(_) | Kind::Direct => records(bytes, self),
        }
    }
}

/// Reads records, all of which must be of the source of the first one.
fn records(bytes: &Bytes, records: Records<'_>) -> Result<Decoded, DecodeError> {
    macro_rules! read {
        ($shape:expr, $module:ident, $records:expr) => {{
            let records = $records;
            same(records.iter().map(|record| &record.source))?;
            read($shape, |to| {
                to.reserve(records.len());
                $module::decode(bytes, records, to)
            })
        }};
    }
    match records {
        Records::Sqs(records) => {
            let shape = queue(&records);
            read!(shape, sqs, records)
        }
        Records::Sns(records) => read!(Shape::Sns, sns, records),
        Records::S3(records) => read!(Shape::S3, s3, &records),
        Records::DynamoDb(records) => read!(Shape::DynamoDb, dynamodb, records),
        Records::Kinesis(records) => read!(Shape::Kinesis, kinesis, &records),
        Records::Other => Err(DecodeError::at("Records", "of no known source")),
    }
}

/// Fills a delivery of this shape.
fn read(shape: Shape, fill: impl FnOnce(&mut Decoded) -> Result<(), DecodeError>) -> Result<Decoded, DecodeError> {
    let mut decoded = Decoded::new(shape);
    fill(&mut decoded)?;
    Ok(decoded)
}

/// A standard queue's messages may have groups too, so only the name of the queue tells.
fn queue(records: &[sqs::Record<'_>]) -> Shape {
    let is_fifo = records.first().and_then(|record| record.source_arn.text()).is_some_and(|arn| arn.ends_with(".fifo"));
    if is_fifo { Shape::SqsFifo } else { Shape::Sqs }
}

fn same<'l>(mut sources: impl Iterator<Item = &'l Leaf<'l>>) -> Result<(), DecodeError> {
    let first = sources.next();
    match sources.position(|source| Some(source) != first) {
        Some(index) => Err(DecodeError::at(format!("Records[{}]", index + 1), "not of the source of the first record")),
        None => Ok(()),
    }
}
