//! Sources of Azure as the Functions host drives them: what each delivers again, when, and what becomes of it in the end.

mod blob;
mod event_grid;
mod feed;
mod retry_policy;
mod service_bus;
mod storage_queue;
mod timer;

pub use self::{
    blob::Blob, event_grid::EventGrid, feed::Feed, retry_policy::RetryPolicy, service_bus::ServiceBus,
    storage_queue::StorageQueue, timer::Timer,
};
use super::{events, settled};
use crate::{
    DecodeError, Event,
    azure::Declaration,
    event::Queue,
    local::{
        Process, Settled,
        source::{Delivered, Parcel, Verdict},
    },
};

/// Delivers a parcel by one invocation of the function, which is told which attempt it is.
fn invoke<'a>(process: &'a dyn Process, function: &'a Declaration, policy: Option<RetryPolicy>, parcel: Parcel) -> Delivered<'a> {
    Box::pin(async move {
        let attempt = parcel.attempt;
        let events: Vec<_> = parcel.events.iter().map(|event| event.clone().with_attempt(attempt)).collect();
        let verdict = match invoked(process, function, policy, &events).await {
            Ok(true) => Verdict::Done,
            Ok(false) => Verdict::AGAIN,
            Err(error) => Verdict::Impossible(error),
        };
        (parcel, verdict)
    })
}

/// Whether an invocation with these events is done.
async fn invoked(
    process: &dyn Process,
    function: &Declaration,
    policy: Option<RetryPolicy>,
    events: &[Event],
) -> Result<bool, DecodeError> {
    let request =
        events::delivery(events, function, policy).map_err(|refused| DecodeError::at(function.name(), refused.to_string()))?;
    let reply = process.deliver(request).await;
    Ok(reply.is_ok_and(|reply| settled(1, &reply) == [Settled::Acknowledged]))
}

/// A message of this queue with this data, for those that were given up.
fn poison(queue: String, event: &Event, data: impl Into<bytes::Bytes>) -> Event {
    let queue = Queue { name: Some(queue), ..Queue::default() };
    let poison = Event::new(event.provider(), crate::Trigger::Queue(queue)).with_id(event.id()).with_time(event.time());
    poison.with_data(data, None)
}
