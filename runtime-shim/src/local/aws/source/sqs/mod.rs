mod state;

use std::time::Duration;

use tokio::time::Instant;

use self::state::State;
use super::batch::delivered;
use crate::{
    DecodeError, Event,
    aws::Shape,
    local::{Process, Tally, source::Running},
};

/// A queue of SQS with a function behind it.
///
/// What is received is invisible for the visibility timeout. What is done is deleted; what failed becomes visible again when that
/// time is over, and so does what takes longer than it, though it still runs. A message that was received too often goes to the
/// dead-letter queue, and without one it is kept for four days. In a FIFO queue nothing of a group is received while something
/// before it in the group is invisible.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use polyfn_shim::{Event, Provider, Trigger, event::Queue};
/// use polyfn_shim::local::{Delivering, Process, aws::Sqs};
///
/// struct FailsB;
/// impl Process for FailsB {
///     fn deliver(&self, _: Request<Bytes>) -> Delivering<'_> {
///         Box::pin(async { Ok(Response::new(Bytes::from(r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#))) })
///     }
/// }
///
/// let message = |id: &str| Event::new(Provider::Aws, Trigger::Queue(Queue::default())).with_id(id).with_data("hi", None);
/// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
/// let queue = Sqs::standard().with_dead_letters_after(3);
/// let tally = queue.run(&FailsB, ["a", "b", "c"].map(message)).await.unwrap();
/// assert_eq!((tally.acknowledged, tally.deliveries), (2, 3));
/// assert_eq!(tally.dead[0].id(), "b");
/// # });
/// ```
///
/// Sources: [visibility timeout](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html),
/// [SQS and Lambda](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html),
/// [FIFO queues](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html).
#[derive(Clone, Debug)]
pub struct Sqs {
    shape: Shape,
    batch: usize,
    at_once: usize,
    visibility: Duration,
    receives: Option<u32>,
    kept: Duration,
}

/// So many messages are taken in at the most before some of them are settled.
const MOST_HELD: usize = 100_000;

impl Sqs {
    /// A standard queue as it is without further configuration.
    pub fn standard() -> Self {
        let (visibility, kept) = (Duration::from_secs(30), Duration::from_secs(4 * 24 * 60 * 60));
        Self { shape: Shape::Sqs, batch: 10, at_once: 5, visibility, receives: None, kept }
    }

    /// A FIFO queue as it is without further configuration.
    pub fn fifo() -> Self {
        Self { shape: Shape::SqsFifo, ..Self::standard() }
    }

    /// Sets how many messages a delivery holds at the most, ten otherwise; at most ten thousand, of a FIFO queue ten.
    #[must_use]
    pub fn with_batch(mut self, messages: usize) -> Self {
        self.batch = messages.clamp(1, if self.shape == Shape::SqsFifo { 10 } else { 10_000 });
        self
    }

    /// Sets how many deliveries are out at once, five otherwise.
    #[must_use]
    pub fn with_at_once(mut self, deliveries: usize) -> Self {
        self.at_once = deliveries.max(1);
        self
    }

    /// Sets the visibility timeout, 30 seconds otherwise; from a second to twelve hours. AWS advises six times the function's timeout.
    #[must_use]
    pub fn with_visibility_timeout(mut self, timeout: Duration) -> Self {
        self.visibility = timeout.clamp(Duration::from_secs(1), Duration::from_secs(12 * 60 * 60));
        self
    }

    /// Sets a dead-letter queue, which gets a message after so many receives; from 1 to 1,000.
    #[must_use]
    pub fn with_dead_letters_after(mut self, receives: u32) -> Self {
        self.receives = Some(receives.clamp(1, 1_000));
        self
    }

    /// Delivers these messages until each is deleted, with the dead letters, or too old.
    ///
    /// # Errors
    /// An event that is no message, no text, or larger than 1 MiB.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        let mut events = events.into_iter();
        let (mut state, mut running) = (State::default(), Running::default());
        loop {
            let now = Instant::now();
            while state.held < MOST_HELD
                && let Some(event) = events.next()
            {
                state.send(self, event, now)?;
            }
            while running.len() < self.at_once {
                let received = state.receive(self, now);
                if received.is_empty() {
                    break;
                }
                state.tally.deliveries += 1;
                running.push(Box::pin(async move {
                    let batch: Vec<_> = received.iter().map(|received| received.event.clone()).collect();
                    let settled = delivered(process, self.shape, &batch).await;
                    (received, settled)
                }));
            }
            if running.len() == 0 && state.due.is_empty() {
                return Ok(state.tally);
            }
            let due = state.due.first().map(|(due, _)| *due).filter(|_| running.len() < self.at_once);
            if let Some((received, settled)) = running.next(due).await {
                state.settle(self, &received, &settled?, Instant::now());
            }
        }
    }
}
