use std::time::Duration;

use http::{HeaderValue, StatusCode};

use super::batch::invoke;
use crate::{
    DecodeError, Event, Trigger,
    aws::Shape,
    local::{
        Delays, Process, Settled, Tally,
        aws::{events, settled},
        source::{Delivered, Parcel, Queue, Verdict, setter},
    },
};

/// What invokes a function and does not wait: SNS, S3, EventBridge, and direct calls of the type `Event`.
///
/// An event whose invocation fails is tried twice more, a minute after the first attempt and two minutes after the second. Then it
/// goes to the dead-letter queue or the on-failure destination, or is lost if there is neither.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use polyfn_shim::{Event, Provider, Trigger, aws::Shape, event::Topic};
/// use polyfn_shim::local::{Delivering, Process, aws::{Asynchronous, FUNCTION_ERROR}};
///
/// struct Fails;
/// impl Process for Fails {
///     fn deliver(&self, _: Request<Bytes>) -> Delivering<'_> {
///         let reply = Response::builder().header(FUNCTION_ERROR, "Unhandled").body(Bytes::from("{}")).unwrap();
///         Box::pin(async { Ok(reply) })
///     }
/// }
///
/// let event = Event::new(Provider::Aws, Trigger::Topic(Topic::default())).with_id("7").with_data("hi", None);
/// # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
/// let tally = Asynchronous::new(Shape::Sns).run(&Fails, [event]).await.unwrap();
/// assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (0, 3, 1));
/// # });
/// ```
///
/// Source: [asynchronous invocation](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
#[derive(Clone, Debug)]
pub struct Asynchronous {
    shape: Shape,
    queue: Queue,
}

impl Asynchronous {
    /// A source that makes deliveries of this shape.
    pub fn new(shape: Shape) -> Self {
        let (most, kept) = (Some(3), Some(Duration::from_secs(6 * 60 * 60)));
        let delays = Delays::listed(&[60, 120]);
        Self { shape, queue: Queue { at_once: 100, batch: 1, most, kept, delays, group: |_| None } }
    }

    /// Sets how often an event is tried again, twice otherwise; at most that.
    #[must_use]
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.queue.most = Some(retries.min(2).saturating_add(1));
        self
    }

    /// Sets how old an event may become, six hours otherwise; from a minute to that.
    #[must_use]
    pub fn with_age(mut self, age: Duration) -> Self {
        self.queue.kept = Some(age.clamp(Duration::from_secs(60), Duration::from_secs(6 * 60 * 60)));
        self
    }

    setter! {
        /// Sets how many events are out at once, a hundred otherwise.
        with_at_once
    }

    /// Delivers these events until each is done or given up.
    ///
    /// # Errors
    /// An event that this source does not send.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'a>(&'a self, process: &'a dyn Process, parcel: Parcel) -> Delivered<'a> {
        Box::pin(async move {
            let Some(event) = parcel.events.first() else { return (parcel, Verdict::Done) };
            let payload = match (self.shape, event.trigger()) {
                (Shape::Direct, Trigger::Direct) => event.data().cloned().unwrap_or_default(),
                (Shape::Sns, Trigger::Topic(_)) | (Shape::S3, Trigger::Object(_)) | (Shape::EventBridge, _) => {
                    events(self.shape, &parcel.events)
                }
                (shape, trigger) => {
                    let why = format!("{shape:?} invokes nothing for an event of kind {}", trigger.kind());
                    return (parcel, Verdict::Impossible(DecodeError::at("trigger", why)));
                }
            };
            let mut request = invoke(payload);
            request.headers_mut().insert("x-amz-invocation-type", HeaderValue::from_static("Event"));
            let verdict = match process.deliver(request).await {
                Ok(reply) if settled(self.shape, &[event.id()], &reply) == [Settled::Acknowledged] => Verdict::Done,
                // Lambda did not take it, and would not take it later.
                Ok(reply) if reply.status().is_client_error() && reply.status() != StatusCode::TOO_MANY_REQUESTS => {
                    Verdict::Failed { again: None, holds: false }
                }
                _ => Verdict::AGAIN,
            };
            (parcel, verdict)
        })
    }
}
