use std::time::Duration;

use tokio::{sync::watch, time::timeout};

use super::CallTick;
use crate::{
    Event, Provider, Trigger,
    event::{Schedule, Time},
    function::Function,
};

/// The pause before the second try; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// One tick of a function, with as many tries as its `retries` say.
pub(super) struct Tick {
    pub(super) call: CallTick,
    pub(super) function: Function,
    pub(super) provider: Provider,
    pub(super) at: Time,
    /// Whether the process is to end: then a try that runs is finished, and no other begins.
    pub(super) stopping: watch::Receiver<bool>,
}

impl Tick {
    pub(super) async fn run(mut self) {
        let retries = self.function.description().settings.retries.unwrap_or(0);
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=retries.saturating_add(1) {
            // A failure has been logged with its reason by the time it comes back.
            if !(self.call)(self.function.clone(), self.event(attempt)).await {
                return;
            }
            if attempt > retries {
                break;
            }
            if timeout(pause, self.stopping.wait_for(|stopping| *stopping)).await.is_ok() {
                tracing::warn!(function = self.name(), "tick {} stops after try {attempt}, since the process ends", self.at);
                return;
            }
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
        tracing::error!(function = self.name(), "tick {} is given up: no try is left", self.at);
    }

    fn name(&self) -> &'static str {
        self.function.description().name
    }

    /// The same tick has the same id whenever it comes, so that a function can tell that it has seen it.
    fn event(&self, attempt: u32) -> Event {
        let name = self.name();
        let schedule = Schedule { name: Some(name.to_owned()), scheduled_for: Some(self.at) };
        Event::new(self.provider, Trigger::Schedule(schedule))
            .with_id(format!("{name}/{}", self.at))
            .with_time(Some(self.at))
            .with_attempt(attempt)
    }
}
