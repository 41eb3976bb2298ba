use std::{
    collections::{HashMap, hash_map::Entry},
    io,
    ops::Deref,
};

use super::{
    Id, StoreError,
    begun::{Begun, Slots},
};

/// That somebody has an item, with all that its row is found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lease {
    begun: Begun,
    slot: u32,
    /// Tells this lease from an earlier one of the same item.
    token: u64,
}

impl Deref for Lease {
    type Target = Begun;

    fn deref(&self) -> &Begun {
        &self.begun
    }
}

/// Who has what: in memory, so that a crash ends every lease.
#[derive(Debug)]
pub(super) struct Leases {
    held: HashMap<u64, Held>,
    counts: HashMap<u32, u64>,
    slots: Slots,
    token: u64,
}

#[derive(Debug)]
struct Held {
    token: u64,
    settling: bool,
}

impl Leases {
    pub(super) fn new(slots: Slots) -> Self {
        Self { held: HashMap::new(), counts: HashMap::new(), slots, token: 0 }
    }

    pub(super) fn holds(&self, seq: u64) -> bool {
        self.held.contains_key(&seq)
    }

    /// How many items of the channel are leased.
    pub(super) fn count(&self, channel: u32) -> u64 {
        self.counts.get(&channel).copied().unwrap_or_default()
    }

    /// Leases these items, or none if that cannot be written down.
    pub(super) fn lease(&mut self, begun: &[Begun]) -> io::Result<Vec<Lease>> {
        let slots = self.slots.begin(begun)?;
        let lease = |(begun, slot): (&Begun, u32)| {
            self.token = self.token.wrapping_add(1);
            self.held.insert(begun.seq, Held { token: self.token, settling: false });
            let count = self.counts.entry(begun.channel).or_default();
            *count = count.saturating_add(1);
            Lease { begun: *begun, slot, token: self.token }
        };
        Ok(begun.iter().zip(slots).map(lease).collect())
    }

    /// Takes these leases for settling, so that nobody settles an item twice; all of them or none.
    pub(super) fn claim(&mut self, leases: &[Lease]) -> Result<(), StoreError> {
        for (at, lease) in leases.iter().enumerate() {
            match self.held.get_mut(&lease.seq) {
                Some(held) if held.token == lease.token && !held.settling => held.settling = true,
                _ => {
                    self.unclaim(leases.get(..at).unwrap_or_default());
                    return Err(StoreError::not_leased(Id(lease.seq)));
                }
            }
        }
        Ok(())
    }

    /// Settling failed: they are leased as before.
    pub(super) fn unclaim(&mut self, leases: &[Lease]) {
        for lease in leases {
            if let Some(held) = self.held.get_mut(&lease.seq) {
                held.settling = false;
            }
        }
    }

    /// Ends leases that were claimed.
    pub(super) fn end(&mut self, leases: &[Lease]) {
        for lease in leases {
            self.held.remove(&lease.seq);
            self.slots.end(lease.slot);
            if let Entry::Occupied(mut count) = self.counts.entry(lease.channel) {
                *count.get_mut() = count.get().saturating_sub(1);
            }
        }
    }

    /// Ends a claimed lease whose delivery never began, so that it does not count.
    pub(super) fn undo(&mut self, lease: Lease) -> io::Result<()> {
        self.slots.undo(lease.slot)?;
        self.end(&[lease]);
        Ok(())
    }
}
