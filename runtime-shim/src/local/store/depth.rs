use redb::ReadableDatabase;

use super::{
    Channel, Store, StoreError,
    tables::{COUNTS, LATER},
    writer::lock,
};
use crate::event::Time;

/// How many items a channel has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Which channel.
    pub channel: Channel,
    /// Items to be taken, those behind an earlier one of their group included.
    pub waiting: u64,
    /// Items that wait for the time of their next delivery.
    pub delayed: u64,
    /// Items that were taken and are not settled yet.
    pub leased: u64,
    /// Dead letters.
    pub dead: u64,
}

impl Store {
    /// How many items each channel has, for all that something was ever sent to.
    ///
    /// Its time grows with the items that are delayed, and with no others.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn depths(&self, now: Time) -> Result<Vec<Depth>, StoreError> {
        let leases = lock(self.leases());
        let depths = || -> Result<Vec<Depth>, redb::Error> {
            let reading = self.writer().database().begin_read()?;
            let (counts, later) = (reading.open_table(COUNTS)?, reading.open_table(LATER)?);
            let mut depths = Vec::new();
            for (channel, number) in self.channels().all() {
                let (live, dead) = counts.get(number)?.map(|counts| counts.value()).unwrap_or_default();
                let leased = leases.count(number);
                let mut delayed = 0_u64;
                for row in later.range((number, now.as_millis().saturating_add(1), 0)..=(number, i64::MAX, u64::MAX))? {
                    // With a `now` before the one that it was taken at.
                    delayed = delayed.saturating_add(u64::from(!leases.holds(row?.0.value().2)));
                }
                let waiting = live.saturating_sub(leased).saturating_sub(delayed);
                depths.push(Depth { channel, waiting, delayed, leased, dead });
            }
            Ok(depths)
        };
        depths().map_err(StoreError::database)
    }
}
