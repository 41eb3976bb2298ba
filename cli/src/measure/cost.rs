use std::time::Duration;

use super::{
    money::Money,
    prices::{AlwaysOn, ByInvocation, Charge, Per},
};

/// What is used: by a million invocations, or by a container in a month.
#[derive(Clone, Copy, Debug)]
struct Usage {
    requests: u128,
    ms: u128,
    memory_mb: u32,
    millivcpu: u32,
}

/// A million invocations on a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Million {
    /// The memory that an instance has then, in MiB.
    pub(super) memory_mb: u32,
    /// The time that is paid for each, in milliseconds.
    pub(super) billed_ms: u128,
    pub(super) cost: Money,
}

const MILLION: u128 = 1_000_000;

impl Million {
    /// Of this duration, with the memory that the functions ask for. Each has an instance to itself, and nothing is free.
    pub(super) fn on(plan: &ByInvocation, duration: Duration, declared_mb: Option<u32>) -> Self {
        let memory_mb = memory(plan, declared_mb);
        let billed_ms = billed(plan, duration);
        let usage = Usage { requests: MILLION, ms: billed_ms.saturating_mul(MILLION), memory_mb, millivcpu: plan.millivcpu };
        Self { memory_mb, billed_ms, cost: usage.cost(&plan.charges) }
    }
}

/// What a container that runs all the time costs in a month.
pub(super) fn a_month(plan: &AlwaysOn, hours: u32) -> Money {
    let ms = u128::from(hours) * 3_600_000;
    Usage { requests: 0, ms, memory_mb: plan.memory_mb, millivcpu: plan.millivcpu }.cost(&plan.charges)
}

/// From how many invocations a month what runs all the time costs less; `None` if invocations cost nothing.
pub(super) fn cheaper_from(a_month: Money, million: Money) -> Option<u128> {
    // A month of as many as cost the same is no cheaper yet.
    (million > Money::default()).then(|| a_month.0.saturating_mul(MILLION) / million.0 + 1)
}

fn memory(plan: &ByInvocation, declared_mb: Option<u32>) -> u32 {
    let Some(wanted) = declared_mb else { return plan.memory.default_mb };
    let mut sizes = plan.memory.sizes_mb.clone();
    sizes.sort_unstable();
    let fits = sizes.iter().copied().find(|size| *size >= wanted);
    fits.or(sizes.last().copied()).unwrap_or(wanted)
}

fn billed(plan: &ByInvocation, duration: Duration) -> u128 {
    let step = u128::from(plan.billed.step_ms) * 1_000_000;
    let steps = duration.as_nanos().div_ceil(step.max(1));
    (steps * u128::from(plan.billed.step_ms)).max(u128::from(plan.billed.least_ms))
}

impl Usage {
    fn cost(self, charges: &[Charge]) -> Money {
        charges.iter().map(|charge| self.of(charge)).sum()
    }

    fn of(self, charge: &Charge) -> Money {
        // What a second of one of it is, in the units that are counted here.
        const GIB_MS: u128 = 1_024 * 1_000;
        const VCPU_MS: u128 = 1_000 * 1_000;
        let memory = self.ms.saturating_mul(u128::from(self.memory_mb));
        let processor = self.ms.saturating_mul(u128::from(self.millivcpu));
        let (units, in_one) = match charge.per {
            Per::MillionRequests => (self.requests, MILLION),
            Per::GbSecond | Per::GibSecond => (memory, GIB_MS),
            Per::GbHour => (memory, GIB_MS * 3_600),
            Per::VcpuSecond => (processor, VCPU_MS),
            Per::VcpuHour => (processor, VCPU_MS * 3_600),
        };
        charge.amount.times(units, in_one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure::prices::Prices, target::Target};

    fn million(target: Target, us: u64, declared_mb: Option<u32>) -> Million {
        Million::on(Prices::load(None).unwrap().of(target).unwrap(), Duration::from_micros(us), declared_mb)
    }

    #[test]
    fn lambda_is_paid_by_the_millisecond() {
        // 0.20 + 10^6 x 0.125 GB x 0.001 s x 0.0000133334
        let least = Million { memory_mb: 128, billed_ms: 1, cost: Money(201_666_675_000) };
        assert_eq!(million(Target::Aws, 300, None), least);
        assert_eq!(million(Target::Aws, 1_000, None), least);
        // 0.20 + 10^6 x 0.5 GB x 0.035 s x 0.0000133334 = 0.20 + 0.2333345
        let more = Million { memory_mb: 512, billed_ms: 35, cost: Money(433_334_500_000) };
        assert_eq!(million(Target::Aws, 34_001, Some(512)), more);
        assert_eq!(more.cost.rounded(4), "0.4333");
    }

    #[test]
    fn cloud_run_is_paid_by_a_tenth_of_a_second() {
        // 0.40 + 10^6 x 0.1 s x (0.000024 + 0.5 GiB x 0.0000025) = 0.40 + 2.40 + 0.125
        assert_eq!(million(Target::Gcp, 800, None), Million { memory_mb: 512, billed_ms: 100, cost: Money(2_925_000_000_000) });
        // 0.40 + 10^6 x 0.2 s x (0.000024 + 1 GiB x 0.0000025) = 0.40 + 4.80 + 0.50
        let two = Million { memory_mb: 1_024, billed_ms: 200, cost: Money(5_700_000_000_000) };
        assert_eq!(million(Target::Gcp, 100_001, Some(1_024)), two);
    }

    #[test]
    fn azure_has_sizes_and_a_least_time() {
        // 0.40 + 10^6 x 2 GB x 1 s x 0.000026 = 0.40 + 52
        assert_eq!(
            million(Target::Azure, 900, None),
            Million { memory_mb: 2_048, billed_ms: 1_000, cost: Money(52_400_000_000_000) }
        );
        // The next size, 2 GB, and the next tenth: 0.40 + 10^6 x 2 GB x 1.1 s x 0.000026 = 0.40 + 57.20
        let next = Million { memory_mb: 2_048, billed_ms: 1_100, cost: Money(57_600_000_000_000) };
        assert_eq!(million(Target::Azure, 1_000_001, Some(600)), next);
        assert_eq!(million(Target::Azure, 1, Some(512)).memory_mb, 512);
        // There is none larger.
        assert_eq!(million(Target::Azure, 1, Some(9_000)).memory_mb, 4_096);
    }

    #[test]
    fn a_container_costs_the_same_whatever_happens() {
        let prices = Prices::load(None).unwrap();
        let months: Vec<_> = prices.always_on.iter().map(|plan| a_month(plan, prices.hours_a_month)).collect();
        // 730 h x (0.25 vCPU x 0.03238 + 0.5 GB x 0.00356) = 730 x 0.009875, and
        // 2628000 s x (1 vCPU x 0.000018 + 0.5 GiB x 0.000002) = 2628000 x 0.000019
        assert_eq!(months, [Money(7_208_750_000_000), Money(49_932_000_000_000)]);
    }

    #[test]
    fn the_container_is_cheaper_from_the_first_invocation_too_many() {
        // 100 buy 20 million at 5 a million: the next one is too many.
        assert_eq!(cheaper_from(Money(100), Money(5)), Some(20_000_001));
        assert_eq!(cheaper_from(Money(7_208_750_000_000), Money(201_666_675_000)), Some(35_745_867));
        assert_eq!(cheaper_from(Money(1), Money(0)), None);
    }
}
