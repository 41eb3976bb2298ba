use std::{
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
};

use tokio::time::Instant;

use super::{Description, limit::Limit, off_thread};
use crate::{
    Event, Failure, Invocation, Outcome, Reply,
    sources::{SOURCES, Sources},
};

/// A function's future, with its type erased.
type Pending<T = Outcome> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The code of a function of several events.
type CallBatch = dyn Fn(Vec<Event>, Invocation) -> Pending<Vec<Outcome>> + Send + Sync;

/// A function that can be invoked: its description and its code, with all types erased.
#[derive(Clone)]
pub struct Function {
    description: Description,
    call: Call,
    #[cfg_attr(
        not(any(feature = "aws", feature = "container", feature = "gcp")),
        expect(dead_code, reason = "no host of this build asks")
    )]
    sources: Option<&'static Sources>,
}

/// The code of a function.
#[derive(Clone)]
pub enum Call {
    /// An `async fn`.
    Async(Arc<dyn Fn(Event, Invocation) -> Pending + Send + Sync>),
    /// A function of several events at once: one outcome each.
    Batch(Arc<CallBatch>),
    /// A plain `fn`, which may block its thread.
    Blocking(Arc<dyn Fn(Event, Invocation) -> Outcome + Send + Sync>),
}

impl Call {
    /// An `async fn`.
    pub fn new<F, R>(call: F) -> Self
    where
        F: Fn(Event, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self::Async(Arc::new(move |event, invocation| Box::pin(call(event, invocation))))
    }

    /// A plain `fn`.
    pub fn blocking<F>(call: F) -> Self
    where
        F: Fn(Event, Invocation) -> Outcome + Send + Sync + 'static,
    {
        Self::Blocking(Arc::new(call))
    }

    /// A function of several events at once, with one outcome for each.
    pub fn batch<F, R>(call: F) -> Self
    where
        F: Fn(Vec<Event>, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Outcome>> + Send + 'static,
    {
        Self::Batch(Arc::new(move |events, invocation| Box::pin(call(events, invocation))))
    }
}

impl Function {
    /// A function with this code. One that takes events brings along what reads their deliveries; see [`Sources`].
    pub fn of(description: Description, call: Call, sources: Option<&'static Sources>) -> Self {
        Self { description, call, sources }
    }

    /// An `async fn` of requests, calls or events.
    pub fn new<F, R>(description: Description, call: F) -> Self
    where
        F: Fn(Event, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self::of(description, Call::new(call), Some(&SOURCES))
    }

    /// A plain `fn`. Hosts that deliver several events at once call it off the async threads.
    pub fn blocking<F>(description: Description, call: F) -> Self
    where
        F: Fn(Event, Invocation) -> Outcome + Send + Sync + 'static,
    {
        Self::of(description, Call::blocking(call), Some(&SOURCES))
    }

    /// A function of several events at once, with one outcome for each.
    pub fn batch<F, R>(description: Description, call: F) -> Self
    where
        F: Fn(Vec<Event>, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Outcome>> + Send + 'static,
    {
        Self::of(description, Call::batch(call), Some(&SOURCES))
    }

    /// Whether it takes several events at once.
    pub fn is_batch(&self) -> bool {
        matches!(self.call, Call::Batch(_))
    }

    /// What reads the deliveries of its events.
    #[cfg(any(feature = "aws", feature = "container", feature = "gcp"))]
    pub(super) fn sources(&self) -> Option<&'static Sources> {
        self.sources
    }

    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Calls it with one event. A panic in it is a failed event, where unwinding is on, and so is one that is not done in time.
    pub(super) async fn call(&self, event: Event, invocation: Invocation, terms: Terms) -> Outcome {
        let limit = Limit::start(self.description.settings.timeout, terms.reply);
        let called = match &self.call {
            // In a future of its own, so that a panic before the first poll is caught too.
            Call::Async(call) => limit.keep(async move { call(event, invocation).await }).await,
            Call::Batch(_) => {
                let mut outcomes = self.call_batch(vec![event], invocation, terms).await;
                Ok(outcomes.pop().unwrap_or(Outcome::Done(Reply::Empty)))
            }
            // Only what runs elsewhere can be left alone when its time is up.
            Call::Blocking(call) if terms.off_thread || !limit.is_none() => {
                let call = Arc::clone(call);
                limit.keep(off_thread(move || call(event, invocation))).await.flatten()
            }
            Call::Blocking(call) => {
                catch_unwind(AssertUnwindSafe(|| call(event, invocation))).map_err(|panic| Failure::from_panic(&*panic))
            }
        };
        called.unwrap_or_else(Outcome::Retry).of_one()
    }

    /// Calls a function of several events with them; there are as many outcomes. One that is not done in time has handled none.
    pub(super) async fn call_batch(&self, events: Vec<Event>, invocation: Invocation, terms: Terms) -> Vec<Outcome> {
        let Call::Batch(call) = &self.call else { return Vec::new() };
        let count = events.len();
        let limit = Limit::start(self.description.settings.timeout, terms.reply);
        let failed = match limit.keep(async move { call(events, invocation).await }).await {
            Ok(outcomes) if outcomes.len() == count => return outcomes,
            // Which one is whose cannot be told.
            Ok(outcomes) => {
                Failure::new("NoOutcome", format!("the function gave {} outcomes for {count} events", outcomes.len()))
            }
            Err(failure) => failure,
        };
        (0..count).map(|_| Outcome::Retry(failed.clone())).collect()
    }
}

/// How the host's delivery has a function called.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    /// Other events are delivered or run meanwhile, so that a plain `fn` must not hold this thread.
    pub(super) off_thread: bool,
    /// When the reply to the delivery is due, if what is done by then can still be told.
    pub(super) reply: Option<Instant>,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("description", &self.description).finish_non_exhaustive()
    }
}
