use futures_util::future::join_all;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::batch::delivered;
use crate::{
    DecodeError, Event, Trigger,
    aws::Shape,
    local::{Delays, Process, Settled, Tally},
};

/// What is read in order: the shards of Kinesis, of a stream of DynamoDB or DocumentDB, or the partitions of Kafka.
///
/// Each shard has one delivery out at a time, and is read on from behind what is done: what failed, with all that follows in its
/// batch, is delivered until it is done or given up. Otherwise nothing is given up until it is a day old, and a record that always
/// fails holds its shard as long.
///
/// How long Lambda waits before it delivers again is not documented; here it is a second, twice as long each time up to a minute.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use polyfn_shim::{Event, Provider, Trigger, aws::Shape, event::Stream};
/// use polyfn_shim::local::{Delivering, Process, aws::Shards};
///
/// struct Takes;
/// impl Process for Takes {
///     fn deliver(&self, _: Request<Bytes>) -> Delivering<'_> {
///         Box::pin(async { Ok(Response::new(Bytes::from(r#"{"batchItemFailures":[]}"#))) })
///     }
/// }
///
/// let record = |sequence: u32| {
///     let stream = Stream { sequence: Some(sequence.to_string()), ..Stream::default() };
///     Event::new(Provider::Aws, Trigger::Stream(stream)).with_data("hi", None)
/// };
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let tally = Shards::new(Shape::Kinesis).with_batch(10).run(&Takes, (0..25).map(record)).await.unwrap();
/// assert_eq!((tally.acknowledged, tally.deliveries), (25, 3));
/// # });
/// ```
///
/// Sources: [Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html),
/// [DynamoDB](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html),
/// [partial batches](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
#[derive(Clone, Debug)]
pub struct Shards {
    shape: Shape,
    batch: usize,
    retries: Option<u32>,
    kept: Duration,
    bisects: bool,
    delays: Delays,
}

impl Shards {
    /// A stream whose deliveries have this shape, read as its event source mapping does without further settings.
    pub fn new(shape: Shape) -> Self {
        let kept = Duration::from_secs(24 * 60 * 60);
        let delays = Delays::doubling(Duration::from_secs(1), Duration::from_secs(60));
        Self { shape, batch: 100, retries: None, kept, bisects: false, delays }
    }

    /// Sets how many records a delivery holds at the most, a hundred otherwise; at most ten thousand.
    #[must_use]
    pub fn with_batch(mut self, records: usize) -> Self {
        self.batch = records.clamp(1, 10_000);
        self
    }

    /// Sets how often a batch is tried again before the rest of it goes to the on-failure destination.
    #[must_use]
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Sets how old a record may become.
    #[must_use]
    pub fn with_age(mut self, age: Duration) -> Self {
        self.kept = age;
        self
    }

    /// Splits a batch that fails in two, which does not count as a retry.
    #[must_use]
    pub fn bisecting(mut self) -> Self {
        self.bisects = true;
        self
    }

    /// Sets how long a shard waits after a failure.
    #[must_use]
    pub fn with_delays(mut self, delays: Delays) -> Self {
        self.delays = delays;
        self
    }

    /// Delivers these records, all of which are there already, until each is done or given up.
    ///
    /// # Errors
    /// An event that this source does not send.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        let mut shards: Vec<(String, Vec<Event>)> = Vec::new();
        for event in events {
            let name = self.shard(&event)?;
            match shards.iter_mut().find(|(have, _)| *have == name) {
                Some((_, records)) => records.push(event),
                None => shards.push((name, vec![event])),
            }
        }
        let mut sum = Tally::default();
        for tally in join_all(shards.iter().map(|(_, records)| self.read(process, records))).await {
            let Tally { acknowledged, deliveries, dead } = tally?;
            sum.acknowledged += acknowledged;
            sum.deliveries += deliveries;
            sum.dead.extend(dead);
        }
        Ok(sum)
    }

    /// The shard that an event is in. A change says nothing of it: they are all in one.
    fn shard(&self, event: &Event) -> Result<String, DecodeError> {
        match (self.shape, event.trigger()) {
            (Shape::Kinesis | Shape::Kafka, Trigger::Stream(stream)) => {
                let part = |part: &Option<String>| part.clone().unwrap_or_default();
                Ok(format!("{}/{}", part(&stream.name), part(&stream.partition)))
            }
            (Shape::DynamoDb | Shape::DocumentDb, Trigger::Change(_)) => Ok(String::new()),
            (shape, trigger) => {
                Err(DecodeError::at("trigger", format!("{shape:?} has no record for an event of kind {}", trigger.kind())))
            }
        }
    }

    async fn read(&self, process: &dyn Process, records: &[Event]) -> Result<Tally, DecodeError> {
        let (mut tally, mut checkpoint, mut failures) = (Tally::default(), 0, 0_u32);
        let (began, mut ends) = (Instant::now(), Vec::new());
        while checkpoint < records.len() {
            let end = *ends.last().unwrap_or(&records.len().min(checkpoint.saturating_add(self.batch)));
            if ends.is_empty() {
                ends.push(end);
            }
            let batch = records.get(checkpoint..end).unwrap_or_default();
            tally.deliveries += 1;
            let settled = delivered(process, self.shape, batch).await?;
            let done = settled.iter().take_while(|settled| **settled == Settled::Acknowledged).count();
            tally.acknowledged += u64::try_from(done).unwrap_or(u64::MAX);
            checkpoint += done;
            failures = if done > 0 { 0 } else { failures };
            if done < settled.len() {
                // How far the failed part reaches; a delivery may have held less than the batch.
                let failed = settled.len() - done;
                if self.bisects && failed > 1 {
                    ends.push(checkpoint + failed / 2);
                } else {
                    failures = failures.saturating_add(1);
                }
                let is_last = self.retries.is_some_and(|retries| failures > retries) || began.elapsed() >= self.kept;
                if is_last {
                    tally.dead.extend(records.get(checkpoint..end).unwrap_or_default().iter().cloned());
                    checkpoint = end;
                } else {
                    sleep(self.delays.after(failures.max(1))).await;
                }
            }
            // What is behind this place has other limits, and its own retries.
            while ends.last().is_some_and(|end| *end <= checkpoint) {
                ends.pop();
                failures = 0;
            }
        }
        Ok(tally)
    }
}
