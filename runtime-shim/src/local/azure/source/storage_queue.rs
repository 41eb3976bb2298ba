use std::time::Duration;

use super::{invoke, poison};
use crate::{
    DecodeError, Event, Trigger,
    azure::Declaration,
    local::{Delays, Process, Tally, source::Queue},
};

/// A queue of Azure Storage that a function is bound to.
///
/// A message whose invocation is done is deleted. Otherwise it can be seen again after the visibility timeout, which is zero by
/// default, and after five deliveries a message of the same bytes lies in the queue `NAME-poison`. Sixteen messages are out at once.
///
/// Source: [queue trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages).
#[derive(Clone, Debug)]
pub struct StorageQueue<'a> {
    function: &'a Declaration,
    queue: Queue,
}

impl<'a> StorageQueue<'a> {
    /// The queue of this function, as it is without further configuration.
    pub fn new(function: &'a Declaration) -> Self {
        let queue = Queue { at_once: 16, batch: 1, most: Some(5), kept: None, delays: Delays::NONE, group: |_| None };
        Self { function, queue }
    }

    /// Sets how long a message that failed cannot be seen (`extensions.queues.visibilityTimeout`).
    #[must_use]
    pub fn with_visibility_timeout(mut self, timeout: Duration) -> Self {
        self.queue.delays = Delays::fixed(timeout);
        self
    }

    /// Sets how often a message is delivered (`extensions.queues.maxDequeueCount`).
    #[must_use]
    pub fn with_max_dequeue_count(mut self, count: u32) -> Self {
        self.queue.most = Some(count.max(1));
        self
    }

    /// Sets how many messages are out at once (`extensions.queues.batchSize`), up to 32.
    #[must_use]
    pub fn with_batch_size(mut self, size: usize) -> Self {
        self.queue.at_once = size.clamp(1, 32);
        self
    }

    /// Delivers these messages until each is deleted or in the poison queue; the dead ones are the messages of that.
    ///
    /// # Errors
    /// An event that no queue's message can be made of.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        let mut tally = self.queue.run(events, |parcel| invoke(process, self.function, None, parcel)).await?;
        let bound = self.function.bindings().trigger().queue_name.as_deref().unwrap_or_default();
        for dead in &mut tally.dead {
            let name = match dead.trigger() {
                Trigger::Queue(queue) => queue.name.as_deref().unwrap_or(bound),
                _ => bound,
            };
            *dead = poison(format!("{name}-poison"), dead, dead.data().cloned().unwrap_or_default());
        }
        Ok(tally)
    }
}
