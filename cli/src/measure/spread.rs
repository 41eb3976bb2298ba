use std::time::Duration;

/// How long something took, each time it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// Half of them took no longer.
    pub(crate) median: Duration,
    /// The shortest.
    pub(crate) least: Duration,
    /// The longest.
    pub(crate) most: Duration,
    /// The median of how far each is from the median; one slow run does not move it.
    pub(crate) deviation: Duration,
}

impl Spread {
    /// Of these times; `None` of none.
    pub(super) fn of(times: &[Duration]) -> Option<Self> {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let (least, most, median) = (*sorted.first()?, *sorted.last()?, middle(&sorted)?);
        let mut away: Vec<_> = sorted.iter().map(|time| time.abs_diff(median)).collect();
        away.sort_unstable();
        Some(Self { median, least, most, deviation: middle(&away).unwrap_or_default() })
    }
}

/// Of an even number of times, the middle between the two in the middle.
fn middle(sorted: &[Duration]) -> Option<Duration> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    Some(if sorted.len() % 2 == 1 { upper } else { (*sorted.get(half.checked_sub(1)?)? + upper) / 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(ms: &[u64]) -> Option<Spread> {
        Spread::of(&ms.iter().map(|ms| Duration::from_millis(*ms)).collect::<Vec<_>>())
    }

    #[test]
    fn one_slow_run_moves_neither_median_nor_deviation() {
        let ms = Duration::from_millis;
        // Away from 4: 2, 1, 0, 1, 96.
        let odd = Spread { median: ms(4), least: ms(2), most: ms(100), deviation: ms(1) };
        assert_eq!(spread(&[100, 3, 5, 2, 4]), Some(odd));
        // Away from 5: 3, 1, 1, 5.
        let even = Spread { median: ms(5), least: ms(2), most: ms(10), deviation: ms(2) };
        assert_eq!(spread(&[4, 6, 2, 10]), Some(even));
    }

    #[test]
    fn one_run_has_no_spread_and_none_has_nothing() {
        let ms = Duration::from_millis(7);
        assert_eq!(spread(&[7]), Some(Spread { median: ms, least: ms, most: ms, deviation: Duration::ZERO }));
        assert_eq!(spread(&[]), None);
    }
}
