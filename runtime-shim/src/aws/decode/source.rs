use bytes::Bytes;

use super::{Decoded, dynamodb, kinesis, leaf::Leaf, records::Records, s3, sns, sqs};
use crate::{DecodeError, aws::Shape};

/// Reads records, all of which must be of the source of the first one.
pub(super) fn records(bytes: &Bytes, records: Records<'_>) -> Result<Decoded, DecodeError> {
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
        Records::DynamoDb(records) => read!(Shape::DynamoDb, dynamodb, &records),
        Records::Kinesis(records) => read!(Shape::Kinesis, kinesis, &records),
        Records::Other => Err(DecodeError::at("Records", "of no known source")),
    }
}

/// Fills a delivery of this shape.
pub(super) fn read(shape: Shape, fill: impl FnOnce(&mut Decoded) -> Result<(), DecodeError>) -> Result<Decoded, DecodeError> {
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
