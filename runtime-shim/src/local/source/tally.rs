use crate::Event;

/// What came of the events of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many were acknowledged.
    pub acknowledged: u64,
    /// How many deliveries that took.
    pub deliveries: u64,
    /// What the source gave up, in the order of that: what lies with its dead letters, or is lost if it keeps none.
    pub dead: Vec<Event>,
}
