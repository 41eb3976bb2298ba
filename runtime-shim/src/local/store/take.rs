use redb::{ReadOnlyTable, ReadableDatabase};

use super::{
    Channel, Store, StoreError, Taken,
    begun::Begun,
    leases::Leases,
    record,
    tables::{FRESH, ITEMS, LATER},
    writer::lock,
};
use crate::event::Time;

/// The most bytes of items that are taken at once, but for the last one.
const TAKEN: usize = 16 * 1024 * 1024;

/// An item that can be taken.
struct Due {
    begun: Begun,
    /// Why it failed before.
    earlier: Option<String>,
    record: Vec<u8>,
}

impl Store {
    /// Takes items that are due at `now`, the oldest first: as many as there are, as `at_most` says, or as make 16 MiB.
    ///
    /// Their age is the time since they were sent or, for what failed before, since they are due again; what was being
    /// delivered when the process ended goes first. Of a group only the first item can be taken, and nothing of it while
    /// that one is leased or waits for its next delivery. The delivery counts from here on, even if the process ends in it;
    /// only a power cut can make it forgotten.
    ///
    /// # Errors
    /// If the store cannot be read, or the delivery not be written down; then nothing is leased.
    pub fn take(&self, channel: &Channel, now: Time, at_most: usize) -> Result<Vec<Taken>, StoreError> {
        let Some(number) = self.channels().known(channel) else { return Ok(Vec::new()) };
        // Held while the database is looked at: what is settled keeps its lease until its row has changed there.
        let mut leases = lock(self.leases());
        let found = self.due(&leases, number, now, at_most).map_err(StoreError::database)?;
        let begun: Vec<Begun> = found.iter().map(|due| due.begun).collect();
        let items = found.into_iter().map(|due| Ok((due.earlier, record::decode(&due.record)?)));
        let items = items.collect::<Result<Vec<_>, StoreError>>()?;
        let leased = leases.lease(&begun).map_err(|error| StoreError::failed("the file `begun` cannot be written", error))?;
        let taken = |(lease, (earlier, item))| Taken { channel: channel.clone(), item, lease, earlier };
        Ok(leased.into_iter().zip(items).map(taken).collect())
    }

    /// When there is something to take: `now` or later, `None` if nothing waits but what is leased.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn next_due(&self, channel: &Channel, now: Time) -> Result<Option<Time>, StoreError> {
        let Some(number) = self.channels().known(channel) else { return Ok(None) };
        let leases = lock(self.leases());
        let next = || -> Result<Option<Time>, redb::Error> {
            let reading = self.writer().database().begin_read()?;
            for row in reading.open_table(FRESH)?.range((number, 0)..=(number, u64::MAX))? {
                if !leases.holds(row?.0.value().1) {
                    return Ok(Some(now));
                }
            }
            for row in reading.open_table(LATER)?.range((number, i64::MIN, 0)..=(number, i64::MAX, u64::MAX))? {
                let (_, due, seq) = row?.0.value();
                if !leases.holds(seq) {
                    return Ok(Time::from_millis(due).filter(|_| due > now.as_millis()).or(Some(now)));
                }
            }
            Ok(None)
        };
        next().map_err(StoreError::database)
    }

    /// What can be taken.
    fn due(&self, leases: &Leases, channel: u32, now: Time, at_most: usize) -> Result<Vec<Due>, redb::Error> {
        let mut found = Vec::new();
        let mut size = 0_usize;
        let reading = self.writer().database().begin_read()?;
        let (items, fresh, later) = (reading.open_table(ITEMS)?, reading.open_table(FRESH)?, reading.open_table(LATER)?);
        let later = later.range((channel, i64::MIN, 0)..=(channel, now.as_millis(), u64::MAX))?.map(|row| {
            let (key, value) = row?;
            let ((_, due, seq), (attempts, reason)) = (key.value(), value.value());
            let begun = Begun { seq, channel, due: Some(due), attempt: attempts.saturating_add(1) };
            Ok((due, begun, Some(reason.to_owned())))
        });
        let fresh = fresh.range((channel, 0)..=(channel, u64::MAX))?.map(|row| {
            let (key, sent) = row?;
            Ok((sent.value(), Begun { seq: key.value().1, channel, due: None, attempt: 1 }, None))
        });
        let (mut later, mut fresh) = (free(later, leases), free(fresh, leases));
        let (mut retry, mut first) = (later.next().transpose()?, fresh.next().transpose()?);
        while found.len() < at_most && size < TAKEN {
            // By the time since which each could have been taken: what fails again and again must not hold up the rest.
            let is_retry = match (&retry, &first) {
                (Some((due, ..)), Some((sent, ..))) => due <= sent,
                (retry, _) => retry.is_some(),
            };
            let next = if is_retry {
                std::mem::replace(&mut retry, later.next().transpose()?)
            } else {
                std::mem::replace(&mut first, fresh.next().transpose()?)
            };
            let Some((_, begun, earlier)) = next else { break };
            let record = record_of(&items, begun.seq)?;
            size = size.saturating_add(record.len());
            found.push(Due { begun, earlier, record });
        }
        Ok(found)
    }
}

/// The time that a row is due, or was sent, with what it tells.
type Row = (i64, Begun, Option<String>);

/// Those that nobody has leased.
fn free(
    rows: impl Iterator<Item = Result<Row, redb::StorageError>>,
    leases: &Leases,
) -> impl Iterator<Item = Result<Row, redb::StorageError>> {
    rows.filter(|row| !row.as_ref().is_ok_and(|(_, begun, _)| leases.holds(begun.seq)))
}

fn record_of(items: &ReadOnlyTable<u64, &'static [u8]>, seq: u64) -> Result<Vec<u8>, redb::Error> {
    let record = items.get(seq)?.map(|record| record.value().to_vec());
    record.ok_or_else(|| redb::Error::Corrupted(format!("message {seq} is gone")))
}
