//! `timerTrigger`: a tick.
//!
//! Source: [Timer trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#usage).

use super::{delivery::Delivery, fact::Fact, facts::Facts};
use crate::{DecodeError, Event, Trigger, event::Schedule};

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let timer = Fact::wrapped(delivery.value);
    if timer.members().is_none() {
        return Err(delivery.error("expected an object, or a string that holds one (timerTrigger)"));
    }
    // While the function runs, `Next` is the occurrence that it runs for. Without a monitor there is no status.
    let scheduled_for = timer.member("ScheduleStatus").and_then(|status| status.member("Next")?.time());
    let schedule = Schedule { name: Some(delivery.function.name().to_owned()), scheduled_for };
    let facts = Facts::of_one(&delivery.metadata, None);
    Ok(vec![delivery.event(Trigger::Schedule(schedule), 0, None).with_attempt(facts.attempt())])
}
