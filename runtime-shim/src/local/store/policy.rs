use std::time::Duration;

use crate::event::Time;

/// How long an item waits before its next delivery: each time longer, up to a limit, and never by chance.
///
/// ```
/// use std::time::Duration;
/// use polyfn_shim::local::store::Backoff;
///
/// let backoff = Backoff { first: Duration::from_secs(1), factor: 3, most: Duration::from_secs(20) };
/// let waits = [1, 2, 3, 4, 5].map(|attempt| backoff.after(attempt).as_secs());
/// assert_eq!(waits, [1, 3, 9, 20, 20]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first delivery.
    pub first: Duration,
    /// How many times as long each wait is as the one before.
    pub factor: u32,
    /// The longest wait.
    pub most: Duration,
}

impl Backoff {
    /// The wait after this delivery, from 1 on.
    pub fn after(self, attempt: u32) -> Duration {
        let times = self.factor.saturating_pow(attempt.saturating_sub(1));
        self.first.checked_mul(times).unwrap_or(Duration::MAX).min(self.most)
    }
}

impl Default for Backoff {
    /// A second, then twice as long each time, up to five minutes.
    fn default() -> Self {
        Self { first: Duration::from_secs(1), factor: 2, most: Duration::from_secs(300) }
    }
}

/// How often an item is delivered before it is dead, and how long it waits in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many deliveries follow a failed first one.
    pub retries: u32,
    /// The waits before them.
    pub backoff: Backoff,
}

/// What becomes of an item that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It comes again at this time.
    Again(Time),
    /// It is a dead letter.
    Dead,
}

impl Policy {
    /// What becomes of an item whose delivery number `attempt`, from 1 on, failed at `now`.
    pub fn next(self, attempt: u32, now: Time) -> Next {
        if attempt > self.retries {
            return Next::Dead;
        }
        // Past the year 9999 there is no such time; it is no worse to come at once.
        Next::Again(now.after(self.backoff.after(attempt)).unwrap_or(now))
    }

    /// Whether an item comes more often than it may, without ever having failed: each delivery before this one ended
    /// with the process. Such an item is dead before it is delivered, or it would end every process from now on.
    pub fn is_spent(self, attempt: u32) -> bool {
        attempt > self.retries.saturating_add(1)
    }
}

impl Default for Policy {
    /// Three retries.
    fn default() -> Self {
        Self { retries: 3, backoff: Backoff::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_overflows() {
        let all = Backoff { first: Duration::MAX, factor: u32::MAX, most: Duration::MAX };
        assert_eq!(all.after(u32::MAX), Duration::MAX);
        assert_eq!(Backoff { most: Duration::from_secs(9), ..all }.after(0), Duration::from_secs(9));
        assert_eq!(Backoff { first: Duration::ZERO, ..all }.after(9), Duration::ZERO);
        let now = Time::from_seconds(1).unwrap();
        assert_eq!(Policy { retries: 1, backoff: all }.next(1, now), Next::Again(now));
    }

    #[test]
    fn an_item_has_its_retries_and_no_more() {
        let policy = Policy { retries: 2, ..Policy::default() };
        let now = Time::from_seconds(100).unwrap();
        let next = [1, 2, 3].map(|attempt| policy.next(attempt, now));
        assert_eq!(
            next,
            [Next::Again(Time::from_seconds(101).unwrap()), Next::Again(Time::from_seconds(102).unwrap()), Next::Dead]
        );
        assert_eq!([1, 3, 4].map(|attempt| policy.is_spent(attempt)), [false, false, true]);
    }
}
