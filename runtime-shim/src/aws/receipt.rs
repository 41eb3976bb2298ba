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

    /// The `itemIdentifier`: SQS' message id or a stream's sequence number; `None` where a reply names no records.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The message group of the record, if it has one.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }
}
