use std::{path::PathBuf, time::Duration};

use super::spread::Spread;
use crate::target::Target;

/// What is known of a program under the host of a provider, seen from outside its process.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) target: Target,
    /// From the start of the process to the first reply.
    pub(crate) start: Spread,
    /// The program's file, in bytes.
    pub(crate) size: u64,
    /// What `cargo polyfn build` has made of it, if it has: the file, and its bytes.
    pub(crate) package: Option<(PathBuf, u64)>,
    /// The most memory that a process had, in bytes; `None` where the system does not tell.
    pub(crate) memory: Option<u64>,
    /// One event, of many that came one after the other.
    pub(crate) event: Spread,
    /// Events a second, one after the other.
    pub(crate) in_turn: u64,
    /// Events a second, several at once.
    pub(crate) at_once: u64,
    /// What the function made of its event, where that is not what a caller would want.
    pub(crate) refused: Option<String>,
}

/// How many events there were in this time, for each second of it.
pub(super) fn a_second(events: u32, took: Duration) -> u64 {
    let nanos = took.as_nanos().max(1);
    u64::try_from((u128::from(events) * 1_000_000_000 + nanos / 2) / nanos).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_a_second_are_rounded() {
        assert_eq!(a_second(200, Duration::from_millis(50)), 4_000);
        assert_eq!(a_second(1, Duration::from_millis(600)), 2);
        assert_eq!(a_second(1, Duration::from_secs(3)), 0);
    }
}
