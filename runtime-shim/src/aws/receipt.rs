use std::sync::Arc;

use bytes::Bytes;

/// What the reply to a delivery calls the record that an event came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// A piece of the delivery in most cases: it is read only where a record has failed.
    id: Option<Bytes>,
    group: Option<Arc<str>>,
}

impl Receipt {
    pub(super) fn new(id: impl Into<Bytes>, group: Option<Arc<str>>) -> Self {
        Self { id: Some(id.into()), group }
    }

    /// The `itemIdentifier`: SQS' message id, a stream's sequence number or Kafka's offset; `None` where a reply names no records.
    pub fn id(&self) -> Option<&str> {
        std::str::from_utf8(self.id.as_deref()?).ok()
    }

    /// The message group of the record, or Kafka's partition, as in `clicks-0`; `None` if it has none.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }
}
