/// Where numbers stand on an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    numbers: (f64, f64),
    places: (f64, f64),
}

impl Scale {
    /// One on which the first number stands at the first place, and the last at the last.
    pub(super) fn new(numbers: (f64, f64), places: (f64, f64)) -> Self {
        Self { numbers, places }
    }

    pub(super) fn at(self, number: f64) -> f64 {
        let Self { numbers: (from, to), places: (first, last) } = self;
        let part = if to > from { (number - from) / (to - from) } else { 0.0 };
        first + part * (last - first)
    }

    pub(super) fn holds(self, number: f64) -> bool {
        (self.numbers.0..=self.numbers.1).contains(&number)
    }
}

/// Round numbers from 0 to the first that reaches this far, about five of them.
pub(super) fn ticks(most: f64) -> Vec<f64> {
    let rough = (most / 5.0).max(f64::MIN_POSITIVE);
    let decade = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * decade).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * decade);
    let mut ticks = vec![0.0];
    while let Some(last) = ticks.last().copied().filter(|last| *last < most && ticks.len() < 12) {
        ticks.push(last + step);
    }
    ticks
}

/// A whole number as one that can be drawn: a plot is no finer than its pixels.
pub(super) fn drawn(number: u128) -> f64 {
    number.to_string().parse().unwrap_or(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_proportion() {
        let scale = Scale::new((0.0, 10.0), (100.0, 200.0));
        assert!((scale.at(5.0) - 150.0).abs() < 1e-9 && (scale.at(10.0) - 200.0).abs() < 1e-9);
        // An axis upwards, and one on which everything is one number.
        assert!((Scale::new((0.0, 4.0), (80.0, 0.0)).at(1.0) - 60.0).abs() < 1e-9);
        assert!((Scale::new((3.0, 3.0), (1.0, 2.0)).at(3.0) - 1.0).abs() < 1e-9);
        assert!(scale.holds(10.0) && !scale.holds(10.1));
    }

    #[test]
    fn ticks_are_round_and_reach_the_end() {
        let shown = |most: f64| ticks(most).iter().map(|tick| format!("{tick:.1}")).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(9.3), "0.0 2.0 4.0 6.0 8.0 10.0");
        assert_eq!(shown(0.5), "0.0 0.1 0.2 0.3 0.4 0.5");
        assert_eq!(shown(120.0), "0.0 50.0 100.0 150.0");
        assert_eq!(ticks(0.0), [0.0]);
    }
}
