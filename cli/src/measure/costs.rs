use super::{
    cost::{Million, a_month, cheaper_from},
    measured::Measured,
    money::Money,
    prices::{AlwaysOn, ByInvocation, Prices},
};

/// What the measured program would cost on each provider that asks for money by the invocation, and beside it containers that run
/// all the time.
pub(super) struct Costs<'a> {
    pub(super) currency: &'a str,
    pub(super) hours_a_month: u32,
    pub(super) by_invocation: Vec<(&'a ByInvocation, Million)>,
    pub(super) always_on: Vec<(&'a AlwaysOn, Money)>,
}

impl<'a> Costs<'a> {
    /// With the memory that the functions ask for, or else what the provider gives.
    pub(super) fn of(prices: &'a Prices, measured: &[Measured], declared_mb: Option<u32>) -> Self {
        let by_invocation = measured.iter().filter_map(|measured| {
            let plan = prices.of(measured.target)?;
            Some((plan, Million::on(plan, measured.event.median, declared_mb)))
        });
        let always_on = prices.always_on.iter().map(|plan| (plan, a_month(plan, prices.hours_a_month)));
        Self {
            currency: &prices.currency,
            hours_a_month: prices.hours_a_month,
            by_invocation: by_invocation.collect(),
            always_on: always_on.collect(),
        }
    }

    /// From how many invocations a month each container costs less than each plan.
    pub(super) fn crossings(&self) -> Vec<Crossing<'a>> {
        let mut crossings = Vec::new();
        for (container, a_month) in &self.always_on {
            for (plan, million) in &self.by_invocation {
                if let Some(invocations) = cheaper_from(*a_month, million.cost) {
                    crossings.push(Crossing { container, a_month: *a_month, plan, invocations });
                }
            }
        }
        crossings
    }

    /// Where the figures are from, and when they were read; each once.
    pub(super) fn sources(&self) -> Vec<(&'a str, &'a str)> {
        let charges = self.by_invocation.iter().flat_map(|(plan, _)| &plan.charges);
        let mut sources: Vec<(&str, &str)> = charges
            .chain(self.always_on.iter().flat_map(|(plan, _)| &plan.charges))
            .map(|charge| (charge.source.as_str(), charge.date.as_str()))
            .collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}

/// From so many invocations a month a container costs less than a plan.
pub(super) struct Crossing<'a> {
    pub(super) container: &'a AlwaysOn,
    pub(super) a_month: Money,
    pub(super) plan: &'a ByInvocation,
    pub(super) invocations: u128,
}
