use super::{Channel, Next, Policy, Store, StoreError, Taken, change::Change, writer::lock};
use crate::event::Time;

/// What became of an item that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It was handled, or given up on purpose: it is gone.
    Done,
    /// It failed and comes again.
    Again {
        /// When; in the past means at once.
        due: Time,
        /// Why it failed.
        reason: String,
    },
    /// It failed for good and waits among the dead letters.
    Dead {
        /// Why it failed.
        reason: String,
    },
}

impl Settlement {
    /// What the policy says of an item that failed now.
    pub fn of_failure(taken: &Taken, policy: Policy, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        match policy.next(taken.attempt(), Time::now()) {
            Next::Again(due) => Self::Again { due, reason },
            Next::Dead => Self::Dead { reason },
        }
    }
}

impl Store {
    /// The item was handled: it is gone when this returns.
    ///
    /// # Errors
    /// If it is leased no more, or cannot be written; then it is leased as before.
    pub fn done(&self, taken: &Taken) -> Result<(), StoreError> {
        self.settle([(taken, Settlement::Done)])
    }

    /// The item failed and comes again when it is `due`.
    ///
    /// # Errors
    /// If it is leased no more, or cannot be written; then it is leased as before.
    pub fn again(&self, taken: &Taken, due: Time, reason: impl Into<String>) -> Result<(), StoreError> {
        self.settle([(taken, Settlement::Again { due, reason: reason.into() })])
    }

    /// The item failed for good: it is a dead letter from now on.
    ///
    /// # Errors
    /// If it is leased no more, or cannot be written; then it is leased as before.
    pub fn dead(&self, taken: &Taken, reason: impl Into<String>) -> Result<(), StoreError> {
        self.settle([(taken, Settlement::Dead { reason: reason.into() })])
    }

    /// The item failed: it comes again or is dead, as the policy says.
    ///
    /// # Errors
    /// If it is leased no more, or cannot be written; then it is leased as before.
    pub fn fail(&self, taken: &Taken, policy: Policy, reason: impl Into<String>) -> Result<(), StoreError> {
        self.settle([(taken, Settlement::of_failure(taken, policy, reason))])
    }

    /// Settles many items at once, all of them or none; of a reason the first 4 KiB are kept.
    ///
    /// # Errors
    /// If one is leased no more, or they cannot be written; then all that were leased still are.
    pub fn settle<'a>(&self, items: impl IntoIterator<Item = (&'a Taken, Settlement)>) -> Result<(), StoreError> {
        let (taken, settlements): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        let leases: Vec<_> = taken.iter().map(|taken| taken.lease).collect();
        lock(self.leases()).claim(&leases)?;
        let change = |(taken, settlement): (&&Taken, _)| Change::Settle {
            lease: taken.lease,
            group: taken.item.group.clone(),
            settlement,
        };
        let written = self.writer().write(taken.iter().zip(settlements).map(change).collect());
        match written {
            Ok(_) => lock(self.leases()).end(&leases),
            Err(error) => {
                lock(self.leases()).unclaim(&leases);
                return Err(error);
            }
        }
        self.wake(&taken);
        Ok(())
    }

    /// Gives items back whose delivery has not begun, as if they had never been taken.
    ///
    /// # Errors
    /// If one is leased no more, or this cannot be written down; then the rest is still leased.
    pub fn give_back<'a>(&self, items: impl IntoIterator<Item = &'a Taken>) -> Result<(), StoreError> {
        let taken: Vec<_> = items.into_iter().collect();
        for taken in &taken {
            let mut leases = lock(self.leases());
            leases.claim(&[taken.lease])?;
            if let Err(error) = leases.undo(taken.lease) {
                leases.unclaim(&[taken.lease]);
                return Err(StoreError::failed("the file `begun` cannot be written", error));
            }
        }
        self.wake(&taken);
        Ok(())
    }

    /// Wakes who waits for these items' channels: what follows in a group, or what comes again, may be due.
    fn wake(&self, taken: &[&Taken]) {
        let mut woken: Vec<&Channel> = Vec::new();
        for taken in taken {
            if !woken.contains(&&taken.channel) {
                woken.push(&taken.channel);
                self.wakes().wake(&taken.channel);
            }
        }
    }
}
