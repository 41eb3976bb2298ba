use std::collections::HashSet;

use bytes::Bytes;
use serde::Serialize;

use super::failures::{Failed, failed, list};
use crate::{Failure, Outcome, aws::Receipt};

/// The reply to a delivery of Kafka where its event source mapping takes a list of failures: the first failed record of each
/// partition, from which Lambda delivers that partition again.
///
/// A mapping takes one in provisioned mode only, with `ReportBatchItemFailures` set; every other one takes any reply for success
/// and would lose the records, so for those there is [`events`](super::events()).
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{Failure, Outcome, aws};
///
/// let delivery = Bytes::from_static(br#"{"eventSource":"aws:kafka","records":{"clicks-0":[
///     {"topic":"clicks","partition":0,"offset":15}]}}"#);
/// let decoded = aws::decode(&delivery, &aws::Frame::default()).unwrap();
/// let outcomes = [Outcome::Retry(Failure::new("Busy", "later"))];
/// assert_eq!(
///     aws::encode::kafka(decoded.receipts(), &outcomes).unwrap(),
///     r#"{"batchItemFailures":[{"itemIdentifier":{"partition":"clicks-0","offset":15}}]}"#
/// );
/// ```
///
/// Source: [Error handling for Kafka event sources](https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html).
///
/// # Errors
/// The failure that the invocation fails with, if a failed record has no place in a partition.
pub fn kafka<'o>(receipts: &[Receipt], outcomes: &'o [Outcome]) -> Result<Bytes, &'o Failure> {
    let mut partitions = HashSet::new();
    let failed = failed(receipts, outcomes);
    let first = failed.iter().filter(|(_, receipt, _)| partitions.insert(receipt.group()));
    Ok(list(first.map(place).collect::<Result<Vec<_>, _>>()?))
}

#[derive(Serialize)]
struct Place<'a> {
    partition: &'a str,
    offset: i64,
}

fn place<'r, 'o>((_, receipt, failure): &Failed<'r, 'o>) -> Result<Place<'r>, &'o Failure> {
    match (receipt.group(), receipt.id().and_then(|offset| offset.parse().ok())) {
        (Some(partition), Some(offset)) => Ok(Place { partition, offset }),
        _ => Err(failure),
    }
}
