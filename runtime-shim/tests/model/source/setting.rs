use std::sync::Arc;

use polyfn_shim::{Provider, event::Kind};
use serde_json::Value;

use super::Source;
use crate::{function::Run, plan::Plan};

/// A kind of source, and the deployment that it delivers to.
#[derive(Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) provider: Provider,
    /// What the functions are for.
    pub(crate) kind: Kind,
    pub(crate) source: fn(&Arc<Run>) -> Box<dyn Source>,
    /// Whether one delivery can hold events for two functions.
    pub(crate) mixed: bool,
    /// Whether it keeps one order, rather than one for each group.
    pub(crate) is_one_group: bool,
    /// Whether it goes on for ever with what fails for ever.
    pub(crate) is_endless: bool,
    /// The trigger of the function.json, where what a function says of itself does not tell.
    pub(crate) trigger: Option<fn() -> Value>,
    /// What the deployment sets in the environment.
    pub(crate) env: &'static [(&'static str, &'static str)],
}

impl Setting {
    /// A source whose deployment needs nothing else.
    pub(super) const fn new(provider: Provider, kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Self {
        Self { provider, kind, source, mixed: false, is_one_group: false, is_endless: false, trigger: None, env: &[] }
    }

    /// The part of a plan that can happen here.
    pub(crate) fn fit(&self, mut plan: Plan) -> Plan {
        // No host but Lambda ends what goes on too long before its source has lost patience.
        plan.has_timeout |= self.provider != Provider::Aws;
        for item in &mut plan.items {
            item.group = if self.is_one_group { 0 } else { item.group };
            item.function = if self.mixed { item.function } else { 0 };
        }
        if !self.mixed {
            plan.together[1] = plan.together[0];
        }
        if self.is_endless { plan.without_poison() } else { plan }
    }
}
