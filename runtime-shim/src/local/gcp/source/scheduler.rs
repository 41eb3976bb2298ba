use std::time::Duration;

use super::exchange;
use crate::{
    DecodeError, Event, Trigger,
    local::{
        Delays, Process, Settled, Tally,
        gcp::{Form, delivery, settled},
        source::{Delivered, Parcel, Queue, Verdict, setter},
    },
};

/// A job of Cloud Scheduler with an HTTP target.
///
/// A run is done by any 2xx within the attempt's deadline. Otherwise it is tried again as often as the job's retry count says, which is
/// never by default, after a back-off of 5 seconds that doubles five times; then the next tick is another run. Runs of one job do not
/// overlap.
///
/// Source: [jobs](https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs).
#[derive(Clone, Debug)]
pub struct Scheduler {
    deadline: Duration,
    queue: Queue,
}

const DELAYS: Delays = Delays::doubling_times(Duration::from_secs(5), Duration::from_secs(3_600), 5);

impl Scheduler {
    /// A job as it is without further configuration.
    pub fn new() -> Self {
        let group = |event: &Event| match event.trigger() {
            Trigger::Schedule(schedule) => Some(schedule.name.clone().unwrap_or_default()),
            _ => None,
        };
        let queue = Queue { at_once: 100, batch: 1, most: Some(1), kept: None, delays: DELAYS, group };
        Self { deadline: Duration::from_secs(180), queue }
    }

    /// Sets how often a run that failed is tried again, from 0 to 5 times.
    #[must_use]
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.queue.most = Some(retries.min(5).saturating_add(1));
        self
    }

    setter! {
        /// Sets the back-off.
        with_delays
    }

    setter! {
        /// Sets how long an attempt may take, three minutes otherwise; from 15 seconds to 30 minutes.
        with_deadline, 15..=1_800
    }

    /// Runs the job for these ticks, until each is done or given up.
    ///
    /// # Errors
    /// An event that is no tick.
    pub async fn run(&self, process: &dyn Process, ticks: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(ticks, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'a>(&'a self, process: &'a dyn Process, parcel: Parcel) -> Delivered<'a> {
        Box::pin(async move {
            let Some(event) = parcel.events.first() else { return (parcel, Verdict::Done) };
            let request = match delivery(Form::Scheduler, event) {
                Ok(request) => request,
                Err(error) => return (parcel, Verdict::Impossible(error)),
            };
            let verdict = match exchange(process, request, self.deadline).await {
                Ok(reply) if settled(Form::Scheduler, 1, &reply) == [Settled::Acknowledged] => Verdict::Done,
                _ => Verdict::AGAIN,
            };
            (parcel, verdict)
        })
    }
}

impl Default for Scheduler {
    fn default() -> Self {
        Self::new()
    }
}
