use super::invoke;
use crate::{
    DecodeError, Event, Trigger,
    azure::{Cardinality, Declaration},
    local::{
        Delays, Process, Tally,
        source::{Queue, setter},
    },
};

/// A queue of Service Bus, or a subscription to a topic, that a function is bound to.
///
/// A message whose invocation is done is completed, otherwise abandoned and delivered again at once; after ten deliveries it lies with
/// the dead letters. Of a batch all messages share this. Messages of one session are delivered in their order.
///
/// Source: [Service Bus trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger).
#[derive(Clone, Debug)]
pub struct ServiceBus<'a> {
    function: &'a Declaration,
    queue: Queue,
}

impl<'a> ServiceBus<'a> {
    /// What this function is bound to, as it is without further configuration.
    pub fn new(function: &'a Declaration) -> Self {
        let is_many = function.bindings().trigger().cardinality == Some(Cardinality::Many);
        let batch = if is_many { 1_000 } else { 1 };
        let group = |event: &Event| match event.trigger() {
            Trigger::Queue(queue) => queue.group.clone(),
            Trigger::Topic(topic) => topic.ordering_key.clone(),
            _ => None,
        };
        Self { function, queue: Queue { at_once: 16, batch, most: Some(10), kept: None, delays: Delays::NONE, group } }
    }

    /// Sets how often a message is delivered: the entity's `MaxDeliveryCount`.
    #[must_use]
    pub fn with_max_delivery_count(mut self, count: u32) -> Self {
        self.queue.most = Some(count.max(1));
        self
    }

    setter! {
        /// Sets how many deliveries run at once (`extensions.serviceBus.maxConcurrentCalls`), sixteen otherwise.
        with_at_once
    }

    /// Sets how many messages a batch holds at the most (`extensions.serviceBus.maxMessageBatchSize`), a thousand otherwise; a
    /// function that takes one at a time gets one.
    #[must_use]
    pub fn with_batch(mut self, messages: usize) -> Self {
        self.queue.batch = messages.clamp(1, self.queue.batch);
        self
    }

    /// Delivers these messages until each is completed or with the dead letters.
    ///
    /// # Errors
    /// An event that no message of Service Bus can be made of.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| invoke(process, self.function, None, parcel)).await
    }
}
