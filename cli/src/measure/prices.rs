use std::path::Path;

use polyfn_shim::event::Time;
use serde::Deserialize;

use super::money::Money;
use crate::{failure::Failure, target::Target};

/// What providers ask for: the price file.
///
/// Every figure is one that a provider publishes, and says where and when it was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    format: u32,
    /// For people.
    #[serde(rename = "about")]
    _about: Vec<String>,
    pub(super) currency: String,
    /// How many hours a month has for what runs all the time.
    pub(super) hours_a_month: u32,
    /// What is paid for each invocation.
    pub(super) by_invocation: Vec<ByInvocation>,
    /// Containers that run all the time.
    pub(super) always_on: Vec<AlwaysOn>,
}

/// A plan of a provider that costs nothing while nothing happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByInvocation {
    pub(super) name: String,
    pub(super) provider: String,
    pub(super) region: String,
    /// What an instance has, in thousandths of a vCPU; 0 where it follows from the memory.
    pub(super) millivcpu: u32,
    pub(super) memory: Memory,
    pub(super) billed: Billed,
    pub(super) charges: Vec<Charge>,
}

/// How much memory an instance gets, in MiB.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Memory {
    pub(super) default_mb: u32,
    /// The sizes there are; none for any.
    pub(super) sizes_mb: Vec<u32>,
    date: String,
    source: String,
}

/// Which time is paid for: at least `least_ms`, and beyond that in steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Billed {
    pub(super) least_ms: u32,
    pub(super) step_ms: u32,
    date: String,
    source: String,
}

/// A container that runs all the time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlwaysOn {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) millivcpu: u32,
    pub(super) memory_mb: u32,
    pub(super) charges: Vec<Charge>,
}

/// One figure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Charge {
    pub(super) per: Per,
    pub(super) amount: Money,
    currency: String,
    region: String,
    /// The day on which it was read in the source.
    pub(super) date: String,
    pub(super) source: String,
}

/// What an amount is for. A GB is 1024 MiB here, as it is on the providers' bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Per {
    MillionRequests,
    GbSecond,
    GibSecond,
    VcpuSecond,
    GbHour,
    VcpuHour,
}

const OURS: &str = include_str!("../../prices.json");

impl Prices {
    /// Those of this file, or the ones that came with this program.
    ///
    /// # Errors
    /// A file that cannot be read, or that is none of prices.
    pub(super) fn load(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(file) = file else { return Self::read(OURS).map_err(Failure::new) };
        let shown = file.display();
        let text = std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("{shown}: cannot read: {error}")))?;
        Self::read(&text).map_err(|why| Failure::usage(format!("{shown}: {why}")))
    }

    fn read(json: &str) -> Result<Self, String> {
        let prices: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        prices.checked()
    }

    /// The plan of a provider, if there is one.
    pub(super) fn of(&self, target: Target) -> Option<&ByInvocation> {
        self.by_invocation.iter().find(|plan| plan.provider == target.as_str())
    }

    fn checked(self) -> Result<Self, String> {
        if self.format != 1 {
            return Err(format!("a price file of format {}; this is one of format 1", self.format));
        }
        if self.hours_a_month == 0 {
            return Err("hours_a_month: a month has hours".to_owned());
        }
        for plan in &self.by_invocation {
            let name = &plan.name;
            if plan.billed.step_ms == 0 {
                return Err(format!("{name}: billed.step_ms: time is paid for in steps of more than nothing"));
            }
            sourced(&plan.memory.date, &plan.memory.source).map_err(|why| format!("{name}: memory: {why}"))?;
            sourced(&plan.billed.date, &plan.billed.source).map_err(|why| format!("{name}: billed: {why}"))?;
            self.agree(&plan.charges, &plan.region).map_err(|why| format!("{name}: {why}"))?;
        }
        for plan in &self.always_on {
            self.agree(&plan.charges, &plan.region).map_err(|why| format!("{}: {why}", plan.name))?;
            if plan.charges.iter().any(|charge| charge.per == Per::MillionRequests) {
                return Err(format!("{}: what runs all the time is not paid for by the request", plan.name));
            }
        }
        Ok(self)
    }

    fn agree(&self, charges: &[Charge], region: &str) -> Result<(), String> {
        if charges.is_empty() {
            return Err("no charges".to_owned());
        }
        for charge in charges {
            let per = charge.per;
            if charge.currency != self.currency {
                return Err(format!("{per:?}: in {}, where the file is in {}", charge.currency, self.currency));
            }
            if charge.region != region {
                return Err(format!("{per:?}: of {}, where the plan is of {region}", charge.region));
            }
            sourced(&charge.date, &charge.source).map_err(|why| format!("{per:?}: {why}"))?;
        }
        Ok(())
    }
}

/// Whether a figure says where and when it was read.
fn sourced(date: &str, source: &str) -> Result<(), String> {
    if date.len() != 10 || Time::parse(&format!("{date}T00:00:00Z")).is_none() {
        return Err(format!("`{date}` is no date such as 2026-09-06"));
    }
    if !source.starts_with("https://") {
        return Err(format!("`{source}` is no address of a document"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_has_a_source_and_a_date_for_each_figure() {
        let prices = Prices::read(OURS).unwrap();
        assert_eq!(prices.currency, "USD");
        for target in [Target::Aws, Target::Gcp, Target::Azure] {
            assert!(prices.of(target).is_some(), "{target:?}");
        }
        // A container has no price by itself: it runs anywhere.
        assert!(prices.of(Target::Container).is_none());
        assert_eq!(prices.always_on.len(), 2);
        // The figures that the plan's documents have, in millionths of millionths.
        let lambda: Vec<_> = prices.of(Target::Aws).unwrap().charges.iter().map(|charge| (charge.per, charge.amount.0)).collect();
        assert_eq!(lambda, [(Per::MillionRequests, 200_000_000_000), (Per::GbSecond, 13_333_400)]);
    }

    #[test]
    fn a_file_whose_figures_disagree_is_refused_with_the_place() {
        for (from, to, why) in [
            ("\"format\": 1", "\"format\": 2", "format 2"),
            ("\"hours_a_month\": 730", "\"hours_a_month\": 0", "hours_a_month"),
            (
                "\"amount\": \"0.20\", \"currency\": \"USD\"",
                "\"amount\": \"0.20\", \"currency\": \"EUR\"",
                "AWS Lambda, arm64: MillionRequests: in EUR",
            ),
            (
                "\"amount\": \"0.20\", \"currency\": \"USD\", \"region\": \"us-east-1\"",
                "\"amount\": \"0.20\", \"currency\": \"USD\", \"region\": \"eu-west-1\"",
                "of eu-west-1",
            ),
            ("\"amount\": \"0.20\"", "\"amount\": 0.20", "expected a string"),
            ("\"amount\": \"0.20\"", "\"amount\": \"-0.20\"", "`-0.20` is no decimal"),
            ("\"date\": \"2026-09-06\"", "\"date\": \"2026-13-06\"", "`2026-13-06` is no date"),
            ("\"source\": \"https://", "\"source\": \"ftp://", "is no address"),
            ("\"per\": \"million-requests\"", "\"per\": \"request\"", "unknown variant `request`"),
            ("\"step_ms\": 1,", "\"step_ms\": 0,", "AWS Lambda, arm64: billed.step_ms"),
            ("\"per\": \"vcpu-hour\"", "\"per\": \"million-requests\"", "not paid for by the request"),
        ] {
            assert!(OURS.contains(from), "{from}");
            let error = Prices::read(&OURS.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(why) && !error.contains('\n'), "{to}: {error}");
        }
    }
}
