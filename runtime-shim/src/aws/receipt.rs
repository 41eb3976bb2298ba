/// What the reply to a delivery calls the record that an event came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    pub(super) id: Option<String>,
    pub(super) group: Option<String>,
}

impl Receipt {
    pub(super) fn new(id: &str, group: Option<&str>) -> Self {
        Self { id: Some(id.to_owned()), group: group.map(str::to_owned) }
    }

    /// The `itemIdentifier`: SQS' message id, a stream's sequence number or Kafka's offset; `None` where a reply names no records.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The message group of the record, or Kafka's partition, as in `clicks-0`; `None` if it has none.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }
}
