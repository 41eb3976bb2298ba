use std::collections::HashMap;

use redb::{Error, ReadableTable};

use super::{Id, Settlement, begun::Begun, leases::Lease, record, tables::Tables};
use crate::event::Time;

/// One thing that a transaction does.
#[derive(Debug)]
pub(super) enum Change {
    /// An item is new.
    Send { channel: u32, group: Option<String>, sent: i64, record: Vec<u8> },
    /// A leased item has its outcome.
    Settle { lease: Lease, group: Option<String>, settlement: Settlement },
    /// A dead letter becomes a new item.
    Resend(Id),
    /// A dead letter is forgotten.
    Discard(Id),
    /// An item was being delivered when the process ended.
    Recover(Begun),
}

/// A time that has come at any time; an item without a row among the later ones has a lesser one.
const AT_ONCE: i64 = i64::MIN + 1;
/// The most bytes of a reason that are kept.
const REASON: usize = 4096;

impl Change {
    /// About how much memory it takes until it is committed.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Send { record, .. } => record.len().saturating_add(256),
            _ => 1024,
        }
    }
}

/// The changes of one transaction, with the counts that they add up to.
pub(super) struct Changes<'t> {
    tables: Tables<'t>,
    /// The number of the next new item.
    next: u64,
    counts: HashMap<u32, (u64, u64)>,
}

impl<'t> Changes<'t> {
    pub(super) fn new(tables: Tables<'t>, next: u64) -> Self {
        Self { tables, next, counts: HashMap::new() }
    }

    /// Makes a change; gives the id of an item that is new, or the one that was asked for, and `None` if it is not there.
    pub(super) fn apply(&mut self, change: &Change) -> Result<Option<Id>, Error> {
        match change {
            Change::Send { channel, group, sent, record } => self.send(*channel, group.as_deref(), *sent, record).map(Some),
            Change::Settle { lease, group, settlement } => self.settle(lease, group.as_deref(), settlement),
            Change::Resend(id) => {
                let Some(record) = self.bury(*id)? else { return Ok(None) };
                let item = record::decode(&record).map_err(|error| Error::Corrupted(error.to_string()))?;
                self.send(channel(&record)?, item.group.as_deref(), item.sent.as_millis(), &record).map(Some)
            }
            Change::Discard(id) => Ok(self.bury(*id)?.map(|_| *id)),
            Change::Recover(begun) => self.recover(begun),
        }
    }

    /// Writes what the changes add up to; gives the number of the next new item.
    pub(super) fn finish(mut self) -> Result<u64, Error> {
        for (channel, counts) in self.counts {
            self.tables.counts.insert(channel, counts)?;
        }
        self.tables.meta.insert("next", self.next)?;
        Ok(self.next)
    }

    fn send(&mut self, channel: u32, group: Option<&str>, sent: i64, record: &[u8]) -> Result<Id, Error> {
        let seq = self.next;
        // A sender whose clock is ahead must not have its items wait behind all that fails meanwhile.
        let sent = sent.min(Time::now().as_millis());
        self.next = seq.checked_add(1).ok_or_else(|| Error::Corrupted("there are no more numbers".into()))?;
        self.tables.items.insert(seq, record)?;
        let mut is_first = true;
        if let Some(group) = group {
            is_first = self.first(channel, group)?.is_none();
            self.tables.groups.insert((channel, group, seq), sent)?;
        }
        if is_first {
            self.tables.fresh.insert((channel, seq), sent)?;
        }
        let counts = self.counts(channel)?;
        counts.0 = counts.0.saturating_add(1);
        Ok(Id(seq))
    }

    fn settle(&mut self, lease: &Lease, group: Option<&str>, settlement: &Settlement) -> Result<Option<Id>, Error> {
        let (channel, seq) = (lease.channel, lease.seq);
        match lease.due {
            None => drop(self.tables.fresh.remove((channel, seq))?),
            Some(due) => drop(self.tables.later.remove((channel, due, seq))?),
        }
        match settlement {
            Settlement::Again { due, reason } => {
                self.tables.later.insert((channel, due.as_millis(), seq), (lease.attempt, short(reason)))?;
                return Ok(Some(Id(seq)));
            }
            Settlement::Done => drop(self.tables.items.remove(seq)?),
            Settlement::Dead { reason } => {
                let died = Time::now().as_millis();
                self.tables.dead.insert((channel, seq), (lease.attempt, died, short(reason)))?;
                let counts = self.counts(channel)?;
                counts.1 = counts.1.saturating_add(1);
            }
        }
        let counts = self.counts(channel)?;
        counts.0 = counts.0.saturating_sub(1);
        if let Some(group) = group {
            self.tables.groups.remove((channel, group, seq))?;
            if let Some((next, sent)) = self.first(channel, group)? {
                self.tables.fresh.insert((channel, next), sent)?;
            }
        }
        Ok(Some(Id(seq)))
    }

    /// The first item of a group that lives, and when it was sent.
    fn first(&self, channel: u32, group: &str) -> Result<Option<(u64, i64)>, Error> {
        let mut rows = self.tables.groups.range((channel, group, 0)..=(channel, group, u64::MAX))?;
        Ok(rows.next().transpose()?.map(|(key, sent)| (key.value().2, sent.value())))
    }

    /// Takes a dead letter out, and gives its record.
    fn bury(&mut self, id: Id) -> Result<Option<Vec<u8>>, Error> {
        let Some(record) = self.tables.items.get(id.0)?.map(|record| record.value().to_vec()) else { return Ok(None) };
        let channel = channel(&record)?;
        if self.tables.dead.remove((channel, id.0))?.is_none() {
            return Ok(None);
        }
        self.tables.items.remove(id.0)?;
        let counts = self.counts(channel)?;
        counts.1 = counts.1.saturating_sub(1);
        Ok(Some(record))
    }

    /// Counts a delivery that ended with the process, unless the item was settled after all.
    fn recover(&mut self, begun: &Begun) -> Result<Option<Id>, Error> {
        let Begun { channel, seq, due, attempt } = *begun;
        let is_open = match due {
            None => self.tables.fresh.remove((channel, seq))?.is_some(),
            Some(due) => {
                let key = (channel, due, seq);
                let so_far = self.tables.later.get(key)?.map(|row| row.value().0);
                let is_open = so_far.is_some_and(|so_far| so_far < attempt);
                if is_open {
                    self.tables.later.remove(key)?;
                }
                is_open
            }
        };
        if !is_open {
            return Ok(None);
        }
        self.tables.later.insert((channel, AT_ONCE, seq), (attempt, "the process ended before the message was settled"))?;
        Ok(Some(Id(seq)))
    }

    fn counts(&mut self, channel: u32) -> Result<&mut (u64, u64), Error> {
        use std::collections::hash_map::Entry;
        match self.counts.entry(channel) {
            Entry::Occupied(counts) => Ok(counts.into_mut()),
            Entry::Vacant(counts) => {
                let stored = self.tables.counts.get(channel)?.map(|counts| counts.value()).unwrap_or_default();
                Ok(counts.insert(stored))
            }
        }
    }
}

fn channel(record: &[u8]) -> Result<u32, Error> {
    record::channel(record).map_err(|error| Error::Corrupted(error.to_string()))
}

/// As much of a reason as is kept.
fn short(reason: &str) -> &str {
    reason.get(..reason.floor_char_boundary(REASON)).unwrap_or(reason)
}
