use super::{RetryPolicy, invoke};
use crate::{
    DecodeError, Event, Trigger,
    azure::{Cardinality, Declaration, TriggerType},
    local::{Process, Tally, source::Queue},
};

/// What a function reads from a checkpoint on: an event hub, a topic of Kafka, the change feed of Cosmos DB.
///
/// The checkpoint moves on behind a batch whether its invocation is done or has failed, so what failed is lost, unless the function
/// has a retry policy: then the batch is delivered again before the next of its partition, and lost only after the last
/// retry. A function that takes one event at a time gets those of a partition at once, in no order.
///
/// Sources: [Event Hubs](https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger),
/// [Kafka](https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger),
/// [Cosmos DB](https://learn.microsoft.com/azure/azure-functions/functions-bindings-cosmosdb-v2-trigger),
/// [reliable event processing](https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing).
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    function: &'a Declaration,
    policy: Option<RetryPolicy>,
    queue: Queue,
}

impl<'a> Feed<'a> {
    /// What this function reads, with its retry policy if it has one.
    pub fn new(function: &'a Declaration, policy: Option<RetryPolicy>) -> Self {
        let bindings = function.bindings();
        let is_many =
            bindings.trigger().cardinality == Some(Cardinality::Many) || bindings.trigger_type() == TriggerType::CosmosDb;
        let group = |event: &Event| match event.trigger() {
            Trigger::Stream(stream) => Some(stream.partition.clone().unwrap_or_default()),
            _ => Some(String::new()),
        };
        let queue = Queue {
            at_once: 32,
            batch: if is_many { 100 } else { 1 },
            most: RetryPolicy::attempts(policy),
            kept: None,
            delays: RetryPolicy::delays(policy),
            group: if is_many { group } else { |_| None },
        };
        Self { function, policy, queue }
    }

    /// Sets how many events a batch holds at the most, a hundred otherwise; a function that takes one at a time gets one.
    #[must_use]
    pub fn with_batch(mut self, events: usize) -> Self {
        self.queue.batch = events.clamp(1, self.queue.batch);
        self
    }

    /// Delivers these events until the checkpoint is behind them all; the dead ones are lost.
    ///
    /// # Errors
    /// An event that does not come from there, and a delete, of which the change feed does not tell.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| invoke(process, self.function, self.policy, parcel)).await
    }
}
