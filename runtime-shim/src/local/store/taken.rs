use super::{Channel, Id, Item, leases::Lease};
use crate::Event;

/// An item that is leased to whoever took it, until it is settled or the store is closed.
///
/// One that is dropped without being settled stays leased: it comes again once the store is opened anew.
#[derive(Debug)]
pub struct Taken {
    pub(super) channel: Channel,
    pub(super) item: Item,
    pub(super) lease: Lease,
    pub(super) earlier: Option<String>,
}

impl Taken {
    /// The store's name of it.
    pub fn id(&self) -> Id {
        Id(self.lease.seq)
    }

    /// Where it was taken from.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The message.
    pub fn item(&self) -> &Item {
        &self.item
    }

    /// Which delivery of it this is, from 1 on. A delivery that ended with the process counts.
    pub fn attempt(&self) -> u32 {
        self.lease.attempt
    }

    /// Why the delivery before this one failed.
    pub fn earlier_reason(&self) -> Option<&str> {
        self.earlier.as_deref()
    }

    /// The common event that its function gets.
    pub fn event(&self) -> Event {
        self.item.event(&self.channel, self.id(), self.attempt())
    }
}
