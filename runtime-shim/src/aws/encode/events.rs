use bytes::Bytes;

use super::failures::{Failed, failed, list};
use crate::{
    Failure, Outcome,
    aws::{Receipt, Shape},
};

/// The reply to a delivery of events, made of the outcome of each; `receipts` and `outcomes` are in the order of the
/// events. Events that were dropped are done with.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{Failure, Outcome, Reply, aws};
///
/// let delivery = Bytes::from_static(br#"{"Records":[
///     {"eventSource":"aws:sqs","messageId":"a"},{"eventSource":"aws:sqs","messageId":"b"}]}"#);
/// let decoded = aws::decode(&delivery, &aws::Frame::default()).unwrap();
/// let outcomes = [Outcome::Done(Reply::Empty), Outcome::Retry(Failure::new("Busy", "later"))];
/// assert_eq!(
///     aws::encode::events(decoded.shape(), decoded.receipts(), &outcomes).unwrap(),
///     r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#
/// );
/// ```
///
/// Source: [Reporting batch item failures](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
///
/// # Errors
/// The failure that the invocation fails with, for a source that takes no list of failures.
pub fn events<'o>(shape: Shape, receipts: &[Receipt], outcomes: &'o [Outcome]) -> Result<Bytes, &'o Failure> {
    let failed = failed(receipts, outcomes);
    let ids = match shape {
        Shape::Sqs => each(&failed),
        Shape::SqsFifo => with_followers(receipts, &failed),
        // Lambda goes back to the lowest number and delivers everything from there.
        Shape::DynamoDb | Shape::Kinesis => failed.first().map(|(_, receipt, _)| receipt.id()).into_iter().collect(),
        _ => {
            return match failed.first() {
                Some((_, _, failure)) => Err(failure),
                None => Ok(Bytes::from_static(b"null")),
            };
        }
    };
    match (ids.into_iter().collect::<Option<Vec<_>>>(), failed.first()) {
        (Some(ids), _) => Ok(list(ids)),
        // A list with an empty identifier fails the whole batch without saying why.
        (None, Some((_, _, failure))) => Err(failure),
        (None, None) => Ok(list::<&str>([])),
    }
}

/// Each record once: the events of one stand side by side.
fn each<'r>(failed: &[Failed<'r, '_>]) -> Vec<Option<&'r str>> {
    let mut ids: Vec<_> = failed.iter().map(|(_, receipt, _)| receipt.id()).collect();
    ids.dedup();
    ids
}

/// The failed records, and those behind them in their groups: one that went through would be delivered again in its
/// place, after the failed one.
fn with_followers<'r>(receipts: &'r [Receipt], failed: &[Failed<'_, '_>]) -> Vec<Option<&'r str>> {
    let mut first = std::collections::HashMap::new();
    for (index, receipt, _) in failed {
        first.entry(receipt.group()).or_insert(*index);
    }
    let behind = |(index, receipt): &(usize, &Receipt)| first.get(&receipt.group()).is_some_and(|first| first <= index);
    let mut ids: Vec<_> = receipts.iter().enumerate().filter(behind).map(|(_, receipt)| receipt.id()).collect();
    ids.dedup();
    ids
}
