use std::time::Duration;

use crate::{azure::retries, function::Description, local::Delays};

/// The `retry` of a function.json: how often a failed invocation is made again by the host, and after how long.
///
/// Source: [retry policies](https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retry-policies).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often; `None` for ever.
    pub most: Option<u32>,
    /// After how long.
    pub delays: Delays,
}

impl RetryPolicy {
    /// The one that the function.json of such a function has; `None` if it has none.
    pub fn of(description: &Description) -> Option<Self> {
        let most = Some(retries(description.binding.kind(), description.settings)?);
        Some(Self { most, delays: Delays::doubling(Duration::from_secs(10), Duration::from_secs(900)) })
    }

    /// How many invocations there are at the most; `None` for no limit.
    pub(super) fn attempts(policy: Option<Self>) -> Option<u32> {
        policy.map_or(Some(1), |policy| policy.most.map(|most| most.saturating_add(1)))
    }

    pub(super) fn delays(policy: Option<Self>) -> Delays {
        policy.map_or(Delays::NONE, |policy| policy.delays)
    }
}
