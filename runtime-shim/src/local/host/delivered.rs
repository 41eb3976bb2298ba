use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::Form;
use crate::{Event, Failure, Outcome, event::Time, local::Settled};

/// One native delivery, and all that came of it.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// How it was delivered.
    pub form: Form,
    /// When.
    pub at: Time,
    /// The native delivery.
    pub delivery: Request<Bytes>,
    /// What functions were called with, in the order in which they ended.
    pub calls: Vec<Call>,
    /// The lines of the log.
    pub logs: Vec<String>,
    /// The native reply.
    pub reply: Response<Bytes>,
    /// What the caller of a request or a call gets; `None` for an event that nobody waits for.
    pub response: Option<Response<Bytes>>,
    /// What the source makes of the reply, of several events the worst; a caller who got a response is not one that comes again.
    pub settled: Settled,
    /// The same for each event of the delivery, in their order.
    pub each: Vec<Settled>,
    /// How long it took.
    pub took: Duration,
}

impl Delivered {
    /// Whether every function that was called has handled its event.
    pub fn is_done(&self) -> bool {
        self.calls.iter().all(|call| matches!(call.ended, Ended::Done))
    }

    /// Whether the source takes the event for settled, so that it never comes again.
    pub fn is_acknowledged(&self) -> bool {
        self.settled == Settled::Acknowledged
    }

    /// Why this event, one of so many as were delivered, was not handled.
    pub(crate) fn failure_of(&self, index: usize) -> Option<&Failure> {
        let call = self.calls.get(index).filter(|_| self.calls.len() == self.each.len());
        match &call?.ended {
            Ended::Done => None,
            Ended::Retry(failure) | Ended::Drop(failure) => Some(failure),
        }
    }

    /// Why an event was not handled, if one was not.
    pub fn failure(&self) -> Option<&Failure> {
        self.calls.iter().find_map(|call| match &call.ended {
            Ended::Done => None,
            Ended::Retry(failure) | Ended::Drop(failure) => Some(failure),
        })
    }
}

/// What one function was called with, and what became of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function's name.
    pub function: &'static str,
    /// The event.
    pub event: Event,
    /// What became of it.
    pub ended: Ended,
    /// How long that took.
    pub took: Duration,
}

/// What became of an event, without the reply.
#[derive(Clone, Debug)]
pub enum Ended {
    /// Handled.
    Done,
    /// Not handled: deliver it again.
    Retry(Failure),
    /// Not handled, and given up.
    Drop(Failure),
}

impl Ended {
    /// The word for it: `done`, `retry` or `drop`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry(_) => "retry",
            Self::Drop(_) => "drop",
        }
    }
}

impl From<&Outcome> for Ended {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done(_) => Self::Done,
            Outcome::Retry(failure) => Self::Retry(failure.clone()),
            Outcome::Drop(failure) => Self::Drop(failure.clone()),
        }
    }
}
