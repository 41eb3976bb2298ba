use redb::ReadableDatabase;

use super::{
    Channel, Id, Item, Store, StoreError,
    change::Change,
    record,
    tables::{DEAD, ITEMS},
};
use crate::event::Time;

/// An item that failed for good.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter {
    /// What [`Store::resend`] and [`Store::discard`] take.
    pub id: Id,
    /// The message.
    pub item: Item,
    /// How often it was delivered.
    pub attempts: u32,
    /// When it died.
    pub died: Time,
    /// Why its last delivery failed.
    pub reason: String,
}

/// How many dead letters are sent again in one transaction.
const AT_ONCE: usize = 500;

impl Store {
    /// Dead letters of a channel in the order they were sent: those after that one, or the first ones.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn dead_letters(&self, channel: &Channel, after: Option<Id>, at_most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let letters = || -> Result<Vec<_>, redb::Error> {
            let reading = self.writer().database().begin_read()?;
            let (dead, items) = (reading.open_table(DEAD)?, reading.open_table(ITEMS)?);
            let mut letters = Vec::new();
            let Some((number, from)) = self.range(channel, after) else { return Ok(letters) };
            for row in dead.range((number, from)..=(number, u64::MAX))?.take(at_most) {
                let (key, value) = row?;
                let ((_, seq), (attempts, died, reason)) = (key.value(), value.value());
                if let Some(record) = items.get(seq)? {
                    letters.push((Id(seq), record::decode(record.value()), attempts, died, reason.to_owned()));
                }
            }
            Ok(letters)
        };
        let letter = |(id, item, attempts, died, reason)| -> Result<_, StoreError> {
            let died = Time::from_millis(died).ok_or_else(StoreError::damaged_record)?;
            Ok(DeadLetter { id, item: item?, attempts, died, reason })
        };
        letters().map_err(StoreError::database)?.into_iter().map(letter).collect()
    }

    /// Sends a dead letter again: it is a new item, the last of its channel and group, whose attempts start anew.
    ///
    /// # Errors
    /// If there is no such dead letter, or it cannot be written.
    pub fn resend(&self, id: Id) -> Result<Id, StoreError> {
        let channel = self.channel_of(id)?;
        let new = self.change(Change::Resend(id), id)?;
        self.wakes().wake(&channel);
        Ok(new)
    }

    /// Sends every dead letter of a channel again, in the order they were first sent, and tells how many there were.
    ///
    /// # Errors
    /// If the store cannot be read or written; then some may have been sent.
    pub fn resend_all(&self, channel: &Channel) -> Result<u64, StoreError> {
        let mut sent = 0_u64;
        let mut after = None;
        loop {
            let ids = self.dead_ids(channel, after).map_err(StoreError::database)?;
            let Some(last) = ids.last().copied() else { return Ok(sent) };
            after = Some(last);
            let new = self.writer().write(ids.into_iter().map(Change::Resend).collect())?;
            sent = sent.saturating_add(new.into_iter().flatten().map(|_| 1).sum());
            self.wakes().wake(channel);
        }
    }

    /// Forgets a dead letter.
    ///
    /// # Errors
    /// If there is no such dead letter, or it cannot be written.
    pub fn discard(&self, id: Id) -> Result<(), StoreError> {
        self.change(Change::Discard(id), id).map(|_| ())
    }

    fn change(&self, change: Change, id: Id) -> Result<Id, StoreError> {
        self.writer().write(vec![change])?.into_iter().flatten().next().ok_or_else(|| StoreError::unknown(id))
    }

    /// The ids of some dead letters.
    fn dead_ids(&self, channel: &Channel, after: Option<Id>) -> Result<Vec<Id>, redb::Error> {
        let Some((number, from)) = self.range(channel, after) else { return Ok(Vec::new()) };
        let dead = self.writer().database().begin_read()?.open_table(DEAD)?;
        let rows = dead.range((number, from)..=(number, u64::MAX))?.take(AT_ONCE);
        rows.map(|row| Ok(Id(row?.0.value().1))).collect()
    }

    /// The number of the channel and that of the first item after this one.
    fn range(&self, channel: &Channel, after: Option<Id>) -> Option<(u32, u64)> {
        Some((self.channels().known(channel)?, after.map_or(Some(0), |Id(seq)| seq.checked_add(1))?))
    }

    /// Where an item is.
    fn channel_of(&self, id: Id) -> Result<Channel, StoreError> {
        let record = || -> Result<Option<Vec<u8>>, redb::Error> {
            let items = self.writer().database().begin_read()?.open_table(ITEMS)?;
            // The channel stands in front.
            Ok(items.get(id.0)?.map(|record| record.value().iter().copied().take(5).collect()))
        };
        let record = record().map_err(StoreError::database)?.ok_or_else(|| StoreError::unknown(id))?;
        let number = record::channel(&record)?;
        let channel = self.channels().all().into_iter().find(|(_, known)| *known == number);
        channel.map(|(channel, _)| channel).ok_or_else(StoreError::damaged_record)
    }
}
