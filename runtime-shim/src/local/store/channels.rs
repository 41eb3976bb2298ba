use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use redb::ReadableDatabase;

use super::{Channel, StoreError, tables::CHANNELS, writer::Writer};
use crate::event::Kind;

/// Every channel that something was ever sent to, with the number that stands for it in the database.
#[derive(Debug)]
pub(super) struct Channels(RwLock<HashMap<Channel, u32>>);

impl Channels {
    pub(super) fn read(writer: &Writer) -> Result<Self, redb::Error> {
        let reading = writer.database().begin_read()?;
        let mut channels = HashMap::new();
        for row in reading.open_table(CHANNELS)?.range::<u32>(..)? {
            let (number, row) = row?;
            let (kind, name, consumer) = row.value();
            let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind);
            let kind = kind.ok_or_else(|| redb::Error::Corrupted("a channel is of a kind that this version lacks".into()))?;
            channels.insert(Channel::new(kind, name, consumer), number.value());
        }
        Ok(Self(RwLock::new(channels)))
    }

    /// The number of a channel that something was sent to.
    pub(super) fn known(&self, channel: &Channel) -> Option<u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(channel).copied()
    }

    /// The number of a channel, which is written down if it is new.
    pub(super) fn number(&self, channel: &Channel, writer: &Writer) -> Result<u32, StoreError> {
        if let Some(number) = self.known(channel) {
            return Ok(number);
        }
        channel.check()?;
        let mut channels = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = channels.get(channel) {
            return Ok(*number);
        }
        let number = u32::try_from(channels.len()).unwrap_or(u32::MAX);
        writer.add_channel(number, channel).map_err(StoreError::database)?;
        channels.insert(channel.clone(), number);
        Ok(number)
    }

    /// All of them, in the order of their names.
    pub(super) fn all(&self) -> Vec<(Channel, u32)> {
        let channels = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut channels: Vec<_> = channels.iter().map(|(channel, number)| (channel.clone(), *number)).collect();
        channels.sort_unstable_by(|(a, _), (b, _)| {
            (a.kind.as_str(), &a.name, &a.consumer).cmp(&(b.kind.as_str(), &b.name, &b.consumer))
        });
        channels
    }
}
