//! A timer, which goes on with its next tick behind one that has failed, unless the function has a retry policy.
//!
//! Source: [retry policies](https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retry-policies).

use std::sync::Arc;

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Queue, Sent, Setting},
    deliver, on_azure, retries, whole,
};
use crate::function::Run;

pub(crate) const TIMER: Setting =
    Setting { is_endless: true, trigger: Some(trigger), ..on_azure(Kind::Schedule, |run| Box::new(timer(run))) };

pub(crate) const TIMER_WITHOUT_RETRIES: Setting = Setting {
    is_endless: true,
    trigger: Some(trigger),
    ..on_azure(Kind::Schedule, |run| Box::new(Queue { most: Some(1), ..timer(run) }))
};

fn trigger() -> Value {
    json!({"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "0 */5 * * * *"})
}

fn timer(run: &Arc<Run>) -> Queue {
    let write = |_: &Run, sent: &[Sent]| {
        let timer = json!({"Schedule": {"AdjustForDST": true}, "ScheduleStatus": null, "IsPastDue": false});
        deliver(sent, &json!({ "timer": timer }), json!({"RetryContext": retries(sent)}))
    };
    Queue { most: None, has_dead_letters: false, ..Queue::new(run, write, whole) }
}
