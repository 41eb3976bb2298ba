use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use super::unwind::caught;
use crate::{Failure, Invocation, event::Time};

/// What is kept of the host's time for the reply: this, or a tenth of the whole if that is less.
const MARGIN: Duration = Duration::from_millis(500);

/// When the work on an event is cut off, and why.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limit {
    /// The function's own timeout, and when it is over.
    own: Option<(Duration, Instant)>,
    /// When the reply to the delivery is due.
    reply: Option<Instant>,
}

impl Limit {
    /// The limit of an event that starts now, of a function that has this timeout.
    pub(super) fn start(timeout: Option<Duration>, reply: Option<Instant>) -> Self {
        // A timeout past the end of time is none.
        Self { own: timeout.and_then(|timeout| Some((timeout, Instant::now().checked_add(timeout)?))), reply }
    }

    pub(super) fn is_none(self) -> bool {
        self.own.is_none() && self.reply.is_none()
    }

    /// What the work comes to; a failure if it panics, or is not done in time. Then it is dropped.
    pub(super) async fn keep<T>(self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let (at, message) = match (self.own, self.reply) {
            (Some((timeout, at)), reply) if reply.is_none_or(|reply| at <= reply) => {
                (at, format!("the function was not done within its timeout of {timeout:?}"))
            }
            (_, Some(reply)) => (reply, "the function was not done when the reply to the delivery was due".to_owned()),
            (_, None) => return caught(work).await.map_err(|panic| Failure::from_panic(&*panic)),
        };
        let mut work = Box::pin(caught(work));
        match timeout_at(at, work.as_mut()).await {
            Ok(done) => done.map_err(|panic| Failure::from_panic(&*panic)),
            Err(_) => {
                // What the function holds may panic as it goes; the event has timed out either way.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(work)));
                Err(Failure::new("Timeout", message))
            }
        }
    }
}

/// When the reply to a delivery of several events is due: shortly before the host gives up on all of them, so that it still
/// hears of those that are done.
pub(super) fn reply_due(invocation: &Invocation) -> Option<Instant> {
    let left = invocation.deadline()?.since(Time::now());
    // A deadline that is over as the delivery comes in is a clock that is wrong: some emulators send one of 1970.
    let left = Some(left).filter(|left| !left.is_zero())?;
    Instant::now().checked_add(left - MARGIN.min(left / 10))
}
