use bytes::Bytes;

use super::{
    Decoded, dynamodb, kinesis,
    leaf::Leaf,
    members::{List, members},
    s3, sns, sqs,
};
use crate::{DecodeError, aws::Shape};

/// Reads `Records`, all of which are this source's.
pub(super) fn records(bytes: &Bytes, source: &str) -> Result<Decoded, DecodeError> {
    macro_rules! read {
        ($shape:expr, $module:ident) => {{
            members! {
                /// A delivery of one source.
                struct Delivery<'a> {
                    records: List<$module::Record<'a>> = b"Records",
                }
            }
            let delivery: Delivery<'_> = serde_json::from_slice(bytes).map_err(DecodeError::json)?;
            let List(records) = &delivery.records;
            same(source, records.iter().map(|record| &record.source))?;
            read($shape(records), |to| $module::decode(bytes, records, to))
        }};
    }
    match source {
        "aws:sqs" => read!(queue, sqs),
        "aws:sns" => read!(|_| Shape::Sns, sns),
        "aws:s3" => read!(|_| Shape::S3, s3),
        "aws:dynamodb" => read!(|_| Shape::DynamoDb, dynamodb),
        _ => read!(|_| Shape::Kinesis, kinesis),
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

fn same<'l>(first: &str, sources: impl Iterator<Item = &'l Leaf<'l>>) -> Result<(), DecodeError> {
    for (index, source) in sources.enumerate() {
        if source.text() != Some(first) {
            return Err(DecodeError::at(format!("Records[{index}]"), "not of the source of the first record"));
        }
    }
    Ok(())
}
