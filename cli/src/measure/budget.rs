use std::{path::Path, str::FromStr, time::Duration};

use polyfn_shim::manifest::Manifest;

use super::{Measured, Measuring, Wanted, decimal::decimal, units};
use crate::{failure::Failure, target::Target};

/// The most that a figure may be: `size=1.5MB`, `cold-start=20ms`, `memory=10MB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    limit: Limit,
    /// As it was written.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// Of the program's file, in bytes.
    Size(u64),
    /// From the start of the process to the first reply, in half of the runs.
    ColdStart(Duration),
    /// That a process had at the most, in bytes.
    Memory(u64),
}

/// Each unit, and how many bytes or nanoseconds it has.
const SIZES: [(&str, u64); 7] =
    [("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
const TIMES: [(&str, u64); 3] = [("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

impl FromStr for Budget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((name, value)) = text.split_once('=') else {
            return Err("a budget is NAME=VALUE, such as size=1.5MB, cold-start=20ms or memory=10MB".to_owned());
        };
        let limit = match name {
            "size" => Limit::Size(amount(value, &SIZES)?),
            "cold-start" => Limit::ColdStart(Duration::from_nanos(amount(value, &TIMES)?)),
            "memory" => Limit::Memory(amount(value, &SIZES)?),
            _ => return Err(format!("there is no budget `{name}`; there are size, cold-start and memory")),
        };
        Ok(Self { limit, text: text.to_owned() })
    }
}

impl Budget {
    /// What is over it, a line each; none if all is within.
    pub(crate) fn over(&self, measured: &Measured) -> Vec<String> {
        let text = &self.text;
        let line = match self.limit {
            Limit::Size(_) => self.over_with_size(measured.size),
            Limit::ColdStart(limit) => (measured.start.median > limit).then(|| {
                let median = units::time(measured.start.median);
                format!("from the start to the first reply it takes {median}, over the budget of {text}")
            }),
            Limit::Memory(limit) => match measured.memory {
                Some(memory) => (memory > limit)
                    .then(|| format!("the program takes {} of memory, over the budget of {text}", units::size(memory))),
                // A budget that nobody looks at must not seem kept.
                None => Some(format!("this system does not tell how much memory a process had; leave {text} out here")),
            },
        };
        line.into_iter().collect()
    }

    /// The same of a program that need not run for it: its size is that of a file.
    fn over_with_size(&self, size: u64) -> Option<String> {
        let Limit::Size(limit) = self.limit else { return None };
        let text = &self.text;
        (size > limit).then(|| format!("the program has {}, over the budget of {text}", units::size(size)))
    }

    fn is_of_size(&self) -> bool {
        matches!(self.limit, Limit::Size(_))
    }
}

/// What is over these budgets, of a program that was built for this provider; it runs if one of them is of how it runs.
///
/// # Errors
/// A program that is not there, cannot be started, ends, or does not answer.
pub(crate) async fn exceeded(
    budgets: &[Budget],
    program: &Path,
    manifest: &Manifest,
    target: Target,
) -> Result<Vec<String>, Failure> {
    if budgets.iter().all(Budget::is_of_size) {
        let file = std::fs::metadata(program).map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
        return Ok(budgets.iter().filter_map(|budget| budget.over_with_size(file.len())).collect());
    }
    let measuring = Measuring::default();
    let subject = measuring.subject(program, manifest, target, Wanted::Any).await?;
    let measured = measuring.measure(&subject, target, None).await?;
    Ok(budgets.iter().flat_map(|budget| budget.over(&measured)).collect())
}

/// A number and its unit, as bytes or nanoseconds.
fn amount(value: &str, units: &[(&str, u64)]) -> Result<u64, String> {
    const DIGITS: usize = 9;
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let known = || units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let Some((_, size)) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim())) else {
        return Err(format!("`{value}` has no unit that is known here; there are {}", known()));
    };
    let Some(number) = decimal(number, DIGITS) else {
        return Err(format!("`{value}` is no number with a unit, such as 1.5{}", units.get(1).map_or("", |(name, _)| name)));
    };
    let whole = number.saturating_mul(u128::from(*size)) / 1_000_000_000;
    u64::try_from(whole).map_err(|_| format!("`{value}` is more than can be counted"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::spread::Spread;

    fn measured(memory: Option<u64>) -> Measured {
        let start = Spread::of(&[Duration::from_micros(20_000), Duration::from_micros(20_001), Duration::from_secs(9)]).unwrap();
        Measured {
            target: Target::Aws,
            start,
            size: 1_500_001,
            package: None,
            memory,
            event: start,
            in_turn: 1,
            at_once: 1,
            refused: None,
        }
    }

    fn over(budget: &str, memory: Option<u64>) -> Vec<String> {
        budget.parse::<Budget>().unwrap().over(&measured(memory))
    }

    #[test]
    fn what_is_over_is_told_and_what_is_at_the_limit_is_not() {
        assert_eq!(over("size=1.5MB", None), ["the program has 1.5 MB, over the budget of size=1.5MB"]);
        assert_eq!(over("size=1500001B", None), Vec::<String>::new());
        let late = "from the start to the first reply it takes 20.0 ms, over the budget of cold-start=20ms";
        assert_eq!(over("cold-start=20ms", None), [late]);
        assert_eq!(over("cold-start=20.001ms", None), Vec::<String>::new());
        assert_eq!(
            over("memory=10MB", Some(10_000_001)),
            ["the program takes 10.0 MB of memory, over the budget of memory=10MB"]
        );
        assert_eq!(over("memory=10MB", Some(10_000_000)), Vec::<String>::new());
    }

    #[test]
    fn a_budget_that_cannot_be_looked_at_is_not_kept() {
        assert!(over("memory=10MB", None)[0].contains("leave memory=10MB out here"));
    }

    #[test]
    fn units_are_bytes_and_times() {
        let limit = |text: &str| text.parse::<Budget>().unwrap().limit;
        assert_eq!(limit("size=1.5MB"), Limit::Size(1_500_000));
        assert_eq!(limit("size=2MiB"), Limit::Size(2_097_152));
        assert_eq!(limit("memory=0.5kb"), Limit::Memory(500));
        assert_eq!(limit("cold-start=1.5s"), Limit::ColdStart(Duration::from_millis(1_500)));
        assert_eq!(limit("cold-start=20 ms"), Limit::ColdStart(Duration::from_millis(20)));
    }

    #[test]
    fn a_wrong_name_or_unit_is_one_clear_line() {
        for (text, why) in [
            ("size", "a budget is NAME=VALUE"),
            ("speed=3ms", "there is no budget `speed`; there are size, cold-start and memory"),
            ("size=3ms", "`3ms` has no unit that is known here; there are B, kB, MB, GB, KiB, MiB, GiB"),
            ("size=3", "has no unit"),
            ("cold-start=3MB", "there are us, ms, s"),
            ("cold-start=ms", "`ms` is no number with a unit, such as 1.5ms"),
            ("memory=1.2.3MB", "is no number"),
            ("memory=-1MB", "has no unit"),
            ("size=99999999999999999999GB", "more than can be counted"),
            ("=1MB", "there is no budget ``"),
        ] {
            let error = text.parse::<Budget>().unwrap_err();
            assert!(error.contains(why) && !error.contains('\n'), "{text}: {error}");
        }
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn a_program_runs_only_for_what_it_does() {
        let program = std::path::PathBuf::from(polyfn_tests::example("hello"));
        let manifest = crate::program::described(&std::fs::read(&program).unwrap()).unwrap();
        let over = async |texts: &[&str], program: &Path| {
            let budgets: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
            exceeded(&budgets, program, &manifest, Target::Container).await
        };
        let generous = ["size=1GB", "cold-start=20s", "memory=1GB"];
        assert_eq!(over(&generous, &program).await.unwrap(), Vec::<String>::new());
        let lines = over(&["size=1kB", "cold-start=1us", "memory=1kB"], &program).await.unwrap();
        let begins = ["the program has ", "from the start to ", "the program takes "];
        assert!(lines.len() == 3 && lines.iter().zip(begins).all(|(line, begins)| line.starts_with(begins)), "{lines:?}");
        // No program at all, and yet a file of a size.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("prices.json");
        assert_eq!(over(&["size=1B"], &file).await.unwrap().len(), 1);
        assert!(over(&["size=1B", "cold-start=1s"], &file).await.is_err());
    }
}
