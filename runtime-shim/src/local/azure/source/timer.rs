use tokio::time::{Instant, sleep, sleep_until};

use super::RetryPolicy;
use crate::{
    DecodeError, Event, Trigger,
    azure::Declaration,
    event::Time,
    local::{
        Process, Settled, Tally,
        azure::{events::tick, settled},
    },
};

/// The timer of a function.
///
/// Runs never overlap: what fell due while one ran is one run, right after it. A tick that was missed before the host started runs at
/// once, as the last of them, and is told that it is past due. A run that failed is over until the next tick, unless the function
/// has a retry policy.
///
/// Source: [timer trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer).
#[derive(Clone, Copy, Debug)]
pub struct Timer<'a> {
    function: &'a Declaration,
    policy: Option<RetryPolicy>,
}

impl<'a> Timer<'a> {
    /// The timer of this function, with its retry policy if it has one.
    pub fn new(function: &'a Declaration, policy: Option<RetryPolicy>) -> Self {
        Self { function, policy }
    }

    /// Runs the function for these ticks, in the order of their times, on a host that started at `now`; until the last of them.
    ///
    /// The dead ones are those whose run failed for good. Ticks that were skipped are neither.
    ///
    /// # Errors
    /// An event that is no tick, or has no time.
    pub async fn run(&self, process: &dyn Process, now: Time, ticks: &[Event]) -> Result<Tally, DecodeError> {
        let (start, mut tally) = (Instant::now(), Tally::default());
        let mut due = Vec::with_capacity(ticks.len());
        for tick in ticks {
            let at = scheduled(tick)?;
            due.push((tick, start + at.since(now), at < now));
        }
        let mut due = due.into_iter().peekable();
        while let Some(mut next) = due.next() {
            sleep_until(next.1).await;
            // Of several that are due the last one runs.
            while let Some(later) = due.next_if(|later| later.1 <= Instant::now()) {
                next = later;
            }
            let (tick, _, is_past_due) = next;
            match self.invoke(process, tick, is_past_due, &mut tally).await? {
                true => tally.acknowledged += 1,
                false => tally.dead.push(tick.clone()),
            }
        }
        Ok(tally)
    }

    /// Whether a run is done, with as many retries as it takes and there are.
    async fn invoke(&self, process: &dyn Process, event: &Event, past_due: bool, tally: &mut Tally) -> Result<bool, DecodeError> {
        let most = RetryPolicy::attempts(self.policy);
        let mut attempt = 0_u32;
        loop {
            attempt = attempt.saturating_add(1);
            tally.deliveries += 1;
            let event = event.clone().with_attempt(attempt);
            let request = tick(&event, self.function, past_due, self.policy)
                .map_err(|refused| DecodeError::at(self.function.name(), refused.to_string()))?;
            let reply = process.deliver(request).await;
            if reply.is_ok_and(|reply| settled(1, &reply) == [Settled::Acknowledged]) {
                return Ok(true);
            } else if most.is_some_and(|most| attempt >= most) {
                return Ok(false);
            }
            sleep(RetryPolicy::delays(self.policy).after(attempt)).await;
        }
    }
}

fn scheduled(tick: &Event) -> Result<Time, DecodeError> {
    let Trigger::Schedule(schedule) = tick.trigger() else { return Err(DecodeError::at("trigger", "no tick")) };
    schedule.scheduled_for.ok_or_else(|| DecodeError::at("schedule.scheduled_for", "missing"))
}
