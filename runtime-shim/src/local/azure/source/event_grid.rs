use std::time::Duration;

use super::invoked;
use futures_util::future::join_all;

use crate::{
    DecodeError, Event,
    azure::{Cardinality, Declaration},
    local::{
        Delays, Process, Tally,
        source::{Delivered, Parcel, Queue, Verdict, setter},
    },
};

/// A subscription of Event Grid whose endpoint is a function.
///
/// The host makes an invocation of each event of a delivery, all at once, and answers with 500 if one of them failed: then the whole
/// delivery comes again, and what was done is seen twice. It does after 10 and 30 seconds, 1, 5, 10 and 30 minutes, 1, 3 and 6
/// hours and then every 12, for a day and up to 30 times; then its events are dead letters, or lost.
///
/// Source: [delivery and retry](https://learn.microsoft.com/azure/event-grid/delivery-and-retry).
#[derive(Clone, Debug)]
pub struct EventGrid<'a> {
    function: &'a Declaration,
    queue: Queue,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DELAYS: Delays =
    Delays::listed(&[10, 30, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR]);

impl<'a> EventGrid<'a> {
    /// A subscription for this function, as it is without further configuration: one event a delivery.
    pub fn new(function: &'a Declaration) -> Self {
        let kept = Some(Duration::from_secs(24 * HOUR));
        Self { function, queue: Queue { at_once: 100, batch: 1, most: Some(30), kept, delays: DELAYS, group: |_| None } }
    }

    /// Sets how many events a delivery holds at the most (`maxEventsPerBatch`).
    #[must_use]
    pub fn with_batch(mut self, events: usize) -> Self {
        self.queue.batch = events.clamp(1, 5_000);
        self
    }

    /// Sets how often a delivery is tried, from 1 to 30 times.
    #[must_use]
    pub fn with_max_delivery_attempts(mut self, attempts: u32) -> Self {
        self.queue.most = Some(attempts.clamp(1, 30));
        self
    }

    setter! {
        /// Sets the schedule of retries.
        with_delays
    }

    /// Delivers these events until each is accepted or given up.
    ///
    /// # Errors
    /// An event that does not come by Event Grid.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'s>(&'s self, process: &'s dyn Process, parcel: Parcel) -> Delivered<'s> {
        Box::pin(async move {
            let is_many = self.function.bindings().trigger().cardinality == Some(Cardinality::Many);
            let size = if is_many { parcel.events.len().max(1) } else { 1 };
            let invocations = parcel.events.chunks(size).map(|events| Box::pin(invoked(process, self.function, None, events)));
            let done: Result<Vec<bool>, DecodeError> = join_all(invocations).await.into_iter().collect();
            let verdict = match done {
                Ok(done) if done.iter().all(|done| *done) => Verdict::Done,
                Ok(_) => Verdict::AGAIN,
                Err(error) => Verdict::Impossible(error),
            };
            (parcel, verdict)
        })
    }
}
