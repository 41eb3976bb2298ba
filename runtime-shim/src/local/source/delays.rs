use std::time::Duration;

/// How long a source waits before it delivers again.
///
/// ```
/// use std::time::Duration;
///
/// use polyfn_shim::local::Delays;
///
/// let delays = Delays::doubling(Duration::from_secs(10), Duration::from_secs(600));
/// assert_eq!([1, 2, 3, 7, 99].map(|failures| delays.after(failures).as_secs()), [10, 20, 40, 600, 600]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delays {
    first: Duration,
    most: Duration,
    growth: Growth,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    None,
    Linear,
    /// So many times.
    Doubling(u32),
    /// By a list of seconds, of which the last holds for all that follow.
    Listed(&'static [u64]),
}

impl Delays {
    /// None at all.
    pub const NONE: Self = Self::fixed(Duration::ZERO);

    /// Always the same.
    pub const fn fixed(delay: Duration) -> Self {
        Self { first: delay, most: delay, growth: Growth::None }
    }

    /// As much longer each time as the first one is.
    pub const fn linear(first: Duration) -> Self {
        Self { first, most: Duration::MAX, growth: Growth::Linear }
    }

    /// Twice as long each time, but no longer than `most`.
    pub const fn doubling(first: Duration, most: Duration) -> Self {
        Self { first, most, growth: Growth::Doubling(u32::MAX) }
    }

    /// Twice as long each time for so many times, then as much longer each time as it was then; no longer than `most`.
    pub const fn doubling_times(first: Duration, most: Duration, doublings: u32) -> Self {
        Self { first, most, growth: Growth::Doubling(doublings) }
    }

    /// By a list of seconds, of which the last holds for all that follow.
    pub const fn listed(seconds: &'static [u64]) -> Self {
        Self { first: Duration::ZERO, most: Duration::MAX, growth: Growth::Listed(seconds) }
    }

    /// How long after this many failures, from 1 on.
    pub fn after(self, failures: u32) -> Duration {
        let before = failures.saturating_sub(1);
        let delay = match self.growth {
            Growth::None => self.first,
            Growth::Linear => self.first.saturating_mul(failures.max(1)),
            Growth::Listed(seconds) => {
                let place = usize::try_from(before).unwrap_or(usize::MAX);
                seconds.get(place).or(seconds.last()).map_or(Duration::ZERO, |seconds| Duration::from_secs(*seconds))
            }
            Growth::Doubling(doublings) => {
                let doubled = self.first.saturating_mul(2_u32.saturating_pow(before.min(doublings)));
                doubled.saturating_mul(before.saturating_sub(doublings).saturating_add(1))
            }
        };
        delay.min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_grows_as_it_says() {
        let second = Duration::from_secs(1);
        let seconds = |delays: Delays| [1, 2, 3, 4, 5, u32::MAX].map(|failures| delays.after(failures).as_secs());
        assert_eq!(seconds(Delays::NONE), [0; 6]);
        assert_eq!(seconds(Delays::fixed(second)), [1; 6]);
        assert_eq!(seconds(Delays::linear(second))[..5], [1, 2, 3, 4, 5]);
        assert_eq!(seconds(Delays::listed(&[10, 30])), [10, 30, 30, 30, 30, 30]);
        assert_eq!(seconds(Delays::listed(&[])), [0; 6]);
        // 1, 2, 4, then 8, 12 ...: https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#retryconfig
        assert_eq!(seconds(Delays::doubling_times(second, second * 11, 2)), [1, 2, 4, 8, 11, 11]);
    }
}
