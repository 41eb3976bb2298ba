use std::time::Duration;

use bytes::Bytes;
use http::Response;
use tokio::time::timeout;

use crate::{
    DecodeError, Event, Trigger,
    cloudevents::Mode,
    local::{
        Delays, Process, Tally,
        container::{batch, delivery},
        source::{Delivered, Parcel, Queue, Verdict, retry_after, setter},
    },
};

/// A broker of CloudEvents, by Knative's rules.
///
/// An event is accepted by any 2xx. It comes again after 404, 408, 409, 429, a 5xx, and if there is no reply: ten times, after
/// 0.2 seconds that double each time. Any other status, and the last failure, sends it to the dead letters. Of a batch all events
/// share this, as there is no answer for a part of it.
///
/// Sources: [data plane](https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md),
/// [delivery](https://knative.dev/docs/eventing/event-delivery/).
#[derive(Clone, Debug)]
pub struct Broker {
    mode: Mode,
    timeout: Duration,
    most_after: Option<Duration>,
    queue: Queue,
}

const DELAYS: Delays = Delays::doubling(Duration::from_millis(200), Duration::MAX);
const RETRIES: u32 = 10;

impl Broker {
    /// A broker that sends events in this mode; in batches of up to ten.
    pub fn new(mode: Mode) -> Self {
        let batch = if mode == Mode::Batch { 10 } else { 1 };
        let queue = Queue { at_once: 100, batch, most: Some(RETRIES + 1), kept: None, delays: DELAYS, group: |_| None };
        Self { mode, timeout: Duration::from_secs(300), most_after: None, queue }
    }

    /// Sets how often an event comes again (`retry`).
    #[must_use]
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.queue.most = Some(retries.saturating_add(1));
        self
    }

    setter! {
        /// Sets the back-off (`backoffPolicy` and `backoffDelay`).
        with_delays
    }

    /// Sets how long a delivery may take (`timeout`), five minutes otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Heeds the `Retry-After` of a 429 or 503, up to so long (`retryAfterMax`).
    #[must_use]
    pub fn with_retry_after(mut self, most: Duration) -> Self {
        self.most_after = Some(most);
        self
    }

    /// Sets how many events a batch holds at the most.
    #[must_use]
    pub fn with_batch(mut self, events: usize) -> Self {
        self.queue.batch = if self.mode == Mode::Batch { events.max(1) } else { 1 };
        self
    }

    setter! {
        /// Sets how many deliveries run at once, a hundred otherwise.
        with_at_once
    }

    /// Keeps the order of events that have a group, a key or a partition: one is delivered when the one before it is accepted or dead.
    #[must_use]
    pub fn ordered(mut self) -> Self {
        self.queue.group = |event| match event.trigger() {
            Trigger::Queue(queue) => queue.group.clone(),
            Trigger::Topic(topic) => topic.ordering_key.clone(),
            Trigger::Stream(stream) => stream.partition.clone().or_else(|| stream.partition_key.clone()),
            _ => None,
        };
        self
    }

    /// Delivers these events until each is accepted or given up.
    ///
    /// # Errors
    /// An event that no CloudEvent can be made of.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'a>(&'a self, process: &'a dyn Process, parcel: Parcel) -> Delivered<'a> {
        Box::pin(async move {
            let request = match (self.mode, parcel.events.as_slice()) {
                (Mode::Batch, events) => batch(events),
                (mode, [event]) => delivery(event, mode),
                (_, _) => Err(DecodeError::at("events", "several where one is delivered")),
            };
            let request = match request {
                Ok(request) => request,
                Err(error) => return (parcel, Verdict::Impossible(error)),
            };
            let verdict = match timeout(self.timeout, process.deliver(request)).await {
                Ok(Ok(reply)) => self.verdict(&reply),
                Ok(Err(_)) | Err(_) => Verdict::AGAIN,
            };
            (parcel, verdict)
        })
    }

    fn verdict(&self, reply: &Response<Bytes>) -> Verdict {
        let after = || Some(retry_after(reply)?.min(self.most_after?));
        match reply.status().as_u16() {
            200..=299 => Verdict::Done,
            429 | 503 => Verdict::Failed { again: Some(after().unwrap_or_default()), holds: false },
            404 | 408 | 409 | 500..=599 => Verdict::AGAIN,
            _ => Verdict::Failed { again: None, holds: false },
        }
    }
}
