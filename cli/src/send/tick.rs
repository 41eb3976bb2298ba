use clap::Args;
use polyfn_shim::{Event, Trigger, event::Schedule};

use super::local;

/// A tick for a function with a schedule
#[derive(Args, Debug)]
pub(crate) struct Tick {
    /// The function's name
    pub(super) function: String,
}

impl Tick {
    pub(super) fn event(&self) -> Event {
        local(Trigger::Schedule(Schedule { name: Some(self.function.clone()), scheduled_for: None }))
    }
}
