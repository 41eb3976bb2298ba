use std::time::Duration;

use super::exchange;
use crate::{
    DecodeError, Event, Trigger,
    local::{
        Delays, Process, Settled, Tally,
        gcp::{Form, changes, delivery, settled},
        source::{Delivered, Parcel, Queue, Verdict, setter},
    },
};

/// A push subscription of Pub/Sub, and of Eventarc, which is built on one.
///
/// A message is acknowledged by 102, 200, 201, 202 and 204 within the acknowledgement deadline. Anything else brings it again after
/// a back-off of 10 seconds, which doubles up to 600, until it is acknowledged, was sent as often as the dead-letter policy
/// says, or has been kept for as long as the subscription keeps messages.
///
/// ```
/// use std::{sync::Arc, time::Duration};
///
/// use polyfn_shim::{Event, Failure, Outcome, Provider, Trigger, event::{Kind, Topic}};
/// use polyfn_shim::function::{Binding, Description, Filter, Function, Functions, Table};
/// use polyfn_shim::local::gcp::{Form, host::Here, source::PubSub};
///
/// let orders = Binding::Resource { kind: Kind::Topic, name: "orders", filter: Filter::default() };
/// let fail = Function::new(Description::new("fail", orders), |_, _| async { Outcome::Retry(Failure::new("Error", "no")) });
/// let here = Here::new(Arc::new(Table::new(Functions::new(vec![fail]), None, true).unwrap()), None);
/// let topic = Trigger::Topic(Topic { name: Some("orders".into()), ..Topic::default() });
/// let message = Event::new(Provider::Gcp, topic).with_id("7").with_data("hi", None);
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # tokio::time::pause();
/// let tally = PubSub::new(Form::WrappedPush).with_dead_letters_after(5).run(&here, [message]).await.unwrap();
/// assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (0, 5, 1));
/// # });
/// ```
///
/// Sources: [push subscriptions](https://cloud.google.com/pubsub/docs/push),
/// [failures](https://cloud.google.com/pubsub/docs/handling-failures), [ordering](https://cloud.google.com/pubsub/docs/ordering),
/// [retries of Eventarc](https://cloud.google.com/eventarc/docs/retry-events).
#[derive(Clone, Debug)]
pub struct PubSub {
    form: Form,
    /// The database whose changes it sends, in place of that form.
    database: Option<changes::Source>,
    deadline: Duration,
    queue: Queue,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const DELAYS: Delays = Delays::doubling(Duration::from_secs(10), Duration::from_secs(600));

impl PubSub {
    /// A subscription that pushes in this form. Eventarc's forms keep an event for a day, the others a message for seven.
    pub fn new(form: Form) -> Self {
        let days = if matches!(form, Form::Eventarc | Form::Structured | Form::Fallback) { 1 } else { 7 };
        let queue = Queue { at_once: 1_000, batch: 1, most: None, kept: Some(DAY * days), delays: DELAYS, group: |_| None };
        Self { form, database: None, deadline: Duration::from_secs(10), queue }
    }

    /// A trigger of Eventarc that tells of the changes in a database.
    pub fn of_changes(database: changes::Source) -> Self {
        Self { database: Some(database), ..Self::new(Form::Eventarc) }
    }

    setter! {
        /// Sets how long a message may take to be acknowledged, ten seconds otherwise; from 10 to 600 seconds.
        with_deadline, 10..=600
    }

    /// Sets a dead-letter topic, which gets a message after so many deliveries; from 5 to 100. Only then is a push told which
    /// delivery it is.
    #[must_use]
    pub fn with_dead_letters_after(mut self, deliveries: u32) -> Self {
        self.queue.most = Some(deliveries.clamp(5, 100));
        self
    }

    setter! {
        /// Sets the back-off.
        with_delays
    }

    setter! {
        /// Sets how many messages are out at once, a thousand otherwise.
        with_at_once
    }

    /// Switches ordering on: the next message of a key is sent when the one before it is acknowledged, or dead.
    #[must_use]
    pub fn ordered(mut self) -> Self {
        self.queue.group = |event| match event.trigger() {
            Trigger::Topic(topic) => topic.ordering_key.clone(),
            _ => None,
        };
        self
    }

    /// Delivers these messages until each is acknowledged or given up.
    ///
    /// # Errors
    /// An event that does not come in this form.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        self.queue.run(events, |parcel| self.deliver(process, parcel)).await
    }

    fn deliver<'a>(&'a self, process: &'a dyn Process, parcel: Parcel) -> Delivered<'a> {
        Box::pin(async move {
            let Some(event) = parcel.events.first() else { return (parcel, Verdict::Done) };
            // Nobody counts without a dead-letter topic.
            let attempt = if self.queue.most.is_some() { parcel.attempt } else { 1 };
            let event = event.clone().with_attempt(attempt);
            let request = match self.database {
                Some(database) => changes::delivery(database, &event),
                None => delivery(self.form, &event),
            };
            let request = match request {
                Ok(request) => request,
                Err(error) => return (parcel, Verdict::Impossible(error)),
            };
            let verdict = match exchange(process, request, self.deadline).await {
                Ok(reply) if settled(self.form, 1, &reply) == [Settled::Acknowledged] => Verdict::Done,
                _ => Verdict::AGAIN,
            };
            (parcel, verdict)
        })
    }
}
