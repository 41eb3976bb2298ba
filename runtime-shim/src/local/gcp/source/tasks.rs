use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};

use super::exchange;
use crate::{
    DecodeError, Event,
    local::{
        Delays, Process, Tally,
        gcp::{Form, delivery},
        source::{Delivered, Parcel, Queue, Verdict, retry_after, setter},
    },
};

/// A queue of Cloud Tasks.
///
/// A task is done by any 2xx. Anything else brings it again after a back-off of 0.1 seconds, which doubles sixteen times and is an hour
/// at the most, or after what `Retry-After` says if that is longer. A 429 or 503 holds the whole queue for as long. After a
/// hundred attempts a task is gone: there are no dead letters.
///
/// `X-CloudTasks-TaskRetryCount` counts every attempt before, and `-TaskExecutionCount` those that were answered.
///
/// Sources: [headers](https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler),
/// [retries](https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#retryconfig).
#[derive(Clone, Debug)]
pub struct Tasks {
    deadline: Duration,
    queue: Queue,
}

const DELAYS: Delays = Delays::doubling_times(Duration::from_millis(100), Duration::from_secs(3_600), 16);

impl Tasks {
    /// A queue as it is without further configuration.
    pub fn new() -> Self {
        let queue = Queue { at_once: 1_000, batch: 1, most: Some(100), kept: None, delays: DELAYS, group: |_| None };
        Self { deadline: Duration::from_secs(600), queue }
    }

    /// Sets how often a task is tried, a hundred times otherwise; `None` for ever.
    #[must_use]
    pub fn with_attempts(mut self, attempts: Option<u32>) -> Self {
        self.queue.most = attempts.map(|attempts| attempts.max(1));
        self
    }

    setter! {
        /// Sets the back-off.
        with_delays
    }

    setter! {
        /// Sets how many tasks are out at once, a thousand otherwise.
        with_at_once
    }

    setter! {
        /// Sets how long an attempt may take, ten minutes otherwise; from 15 seconds to 30 minutes.
        with_deadline, 15..=1_800
    }

    /// Delivers these tasks until each is done or given up.
    ///
    /// # Errors
    /// An event that is no message of a queue.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'a>(&'a self, process: &'a dyn Process, mut parcel: Parcel) -> Delivered<'a> {
        Box::pin(async move {
            let request = match request(&parcel) {
                Ok(request) => request,
                Err(error) => return (parcel, Verdict::Impossible(error)),
            };
            let verdict = match exchange(process, request, self.deadline).await {
                Ok(reply) => {
                    parcel.answers = parcel.answers.saturating_add(1);
                    parcel.last_status = Some(reply.status());
                    verdict(&reply)
                }
                Err(_) => Verdict::AGAIN,
            };
            (parcel, verdict)
        })
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

fn verdict(reply: &Response<Bytes>) -> Verdict {
    let after = retry_after(reply).unwrap_or_default();
    match reply.status() {
        status if status.is_success() => Verdict::Done,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Verdict::Failed { again: Some(after), holds: true },
        _ => Verdict::Failed { again: Some(after), holds: false },
    }
}

fn request(parcel: &Parcel) -> Result<Request<Bytes>, DecodeError> {
    let Some(event) = parcel.events.first() else { return Err(DecodeError::at("events", "none")) };
    let mut request = delivery(Form::Tasks, &event.clone().with_attempt(parcel.attempt))?;
    let headers = request.headers_mut();
    headers.insert("x-cloudtasks-taskexecutioncount", HeaderValue::from(parcel.answers));
    if let Some(status) = parcel.last_status {
        headers.insert("x-cloudtasks-taskpreviousresponse", HeaderValue::from(status.as_u16()));
    }
    Ok(request)
}
