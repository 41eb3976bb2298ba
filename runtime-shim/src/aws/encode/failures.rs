use bytes::Bytes;
use serde::Serialize;

use crate::{Failure, Outcome, aws::Receipt};

/// An event to be delivered again: its place in the delivery, its record and why.
pub(super) type Failed<'r, 'o> = (usize, &'r Receipt, &'o Failure);

/// The events to be delivered again.
pub(super) fn failed<'r, 'o>(receipts: &'r [Receipt], outcomes: &'o [Outcome]) -> Vec<Failed<'r, 'o>> {
    let each = receipts.iter().zip(outcomes).enumerate();
    let failed = each.filter_map(|(index, (receipt, outcome))| match outcome {
        Outcome::Retry(failure) => Some((index, receipt, failure)),
        Outcome::Done(_) | Outcome::Drop(_) => None,
    });
    failed.collect()
}

/// The reply that lists the records of these identifiers as failed.
pub(super) fn list<I: Serialize>(ids: impl IntoIterator<Item = I>) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Reply<I> {
        batch_item_failures: Vec<Item<I>>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Item<I> {
        item_identifier: I,
    }
    let reply = Reply { batch_item_failures: ids.into_iter().map(|item_identifier| Item { item_identifier }).collect() };
    // Texts and numbers always serialize; were it otherwise, an empty reply would be taken for success.
    serde_json::to_vec(&reply).unwrap_or_else(|_| b"{".to_vec()).into()
}
