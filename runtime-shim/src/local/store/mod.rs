//! Queues and topics on this machine: messages in a file, which survive a crash and a restart.
//!
//! A [`Store`] keeps [`Item`]s in [`Channel`]s. [`Store::send`] returns when the item is on the disk. [`Store::take`]
//! leases items that are due, the oldest first; each is then settled: done, to come again, or dead. A lease is in memory
//! only, so a crash ends it and the item comes again. Nothing is ever held in memory but what is leased.
//!
//! Every method blocks for as long as the disk takes, a few milliseconds for a write; async code calls them through
//! `spawn_blocking`. Callers that write at the same time share one transaction, so many of them are as fast as a batch.
//!
//! ```
//! use polyfn_shim::{event::{Kind, Time}, local::store::{Channel, Item, Policy, Store}};
//!
//! # let folder = std::env::temp_dir().join(format!("polyfn-store-doc-{}", std::process::id()));
//! let store = Store::open(&folder)?;
//! let orders = Channel::new(Kind::Queue, "orders", "fulfil");
//! store.send(&orders, &Item::new("1", "a book"))?;
//!
//! let taken = store.take(&orders, Time::now(), 10)?;
//! let [first] = taken.as_slice() else { panic!("one was sent") };
//! assert_eq!((first.item().data.as_ref(), first.attempt()), (b"a book".as_slice(), 1));
//! store.fail(first, Policy { retries: 0, ..Policy::default() }, "out of stock")?;
//!
//! let dead = store.dead_letters(&orders, None, 10)?;
//! assert_eq!(dead[0].reason, "out of stock");
//! store.resend(dead[0].id)?;
//! assert_eq!(store.take(&orders, Time::now(), 10)?.len(), 1);
//! # drop(store);
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod begun;
mod change;
mod channel;
mod channels;
mod dead_letter;
mod depth;
mod error;
mod folder;
mod id;
mod item;
mod leases;
mod policy;
mod record;
mod settlement;
mod tables;
mod take;
mod taken;
mod wake;
mod writer;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex},
};

use self::{begun::Slots, change::Change, channels::Channels, folder::Folder, leases::Leases, wake::Wakes, writer::Writer};
pub use self::{
    channel::Channel,
    dead_letter::DeadLetter,
    depth::Depth,
    error::StoreError,
    id::{Id, NoId},
    item::Item,
    policy::{Backoff, Next, Policy},
    settlement::Settlement,
    taken::Taken,
};

/// Messages of queues and topics in a folder; a clone is the same store.
///
/// See [the module](self) for how its parts play together.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// The fields are dropped in this order: the lock on the folder goes last.
struct Inner {
    writer: Writer,
    leases: Mutex<Leases>,
    channels: Channels,
    wakes: Wakes,
    _folder: Folder,
}

impl Store {
    /// Opens the store in this folder, or makes an empty one, with a `.gitignore` for all that is in it.
    ///
    /// # Errors
    /// If another process has it open, if its file is damaged or another version's (it is left as it is), or if the folder
    /// cannot be made or written.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = Folder::open(folder)?;
        let file = folder.file("messages.redb");
        let writer = Writer::new(tables::open(&file)?).map_err(|error| StoreError::damaged(&file, error))?;
        let channels = Channels::read(&writer).map_err(|error| StoreError::damaged(&file, error))?;
        let broken = |error| StoreError::failed(format!("cannot write `{}`", folder.file("begun").display()), error);
        let (mut slots, begun) = Slots::open(&folder.file("begun")).map_err(broken)?;
        writer.write(begun.into_iter().map(Change::Recover).collect())?;
        slots.clear().map_err(broken)?;
        let leases = Mutex::new(Leases::new(slots));
        Ok(Self(Arc::new(Inner { writer, leases, channels, wakes: Wakes::default(), _folder: folder })))
    }

    /// Stores an item; it is on the disk when this returns.
    ///
    /// # Errors
    /// If it is too large, or cannot be written.
    pub fn send(&self, channel: &Channel, item: &Item) -> Result<Id, StoreError> {
        let ids = self.send_all([(channel, item)])?;
        ids.first().copied().ok_or_else(StoreError::damaged_record)
    }

    /// Stores items, such as one message for each function of a topic, all of them or none.
    ///
    /// # Errors
    /// If one is too large, or they cannot be written.
    pub fn send_all<'a>(&self, items: impl IntoIterator<Item = (&'a Channel, &'a Item)>) -> Result<Vec<Id>, StoreError> {
        let mut changes = Vec::new();
        let mut woken: Vec<&Channel> = Vec::new();
        for (channel, item) in items {
            item.check()?;
            let number = self.0.channels.number(channel, &self.0.writer)?;
            let (group, sent) = (item.group.clone(), item.sent.as_millis());
            changes.push(Change::Send { channel: number, group, sent, record: record::encode(number, item) });
            if !woken.contains(&channel) {
                woken.push(channel);
            }
        }
        let ids = self.0.writer.write(changes)?;
        woken.into_iter().for_each(|channel| self.0.wakes.wake(channel));
        Ok(ids.into_iter().flatten().collect())
    }

    fn channels(&self) -> &Channels {
        &self.0.channels
    }

    fn writer(&self) -> &Writer {
        &self.0.writer
    }

    fn leases(&self) -> &Mutex<Leases> {
        &self.0.leases
    }

    fn wakes(&self) -> &Wakes {
        &self.0.wakes
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
