use std::{
    fmt,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
};

use super::Description;
use crate::{Event, Failure, Invocation, Outcome};

/// A function's future, with its type erased.
type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A function that can be invoked: its description and its code, with all types erased.
#[derive(Clone)]
pub struct Function {
    description: Description,
    call: Call,
}

/// The code of a function.
#[derive(Clone)]
pub enum Call {
    /// An `async fn`.
    Async(Arc<dyn Fn(Event, Invocation) -> Pending + Send + Sync>),
    /// A plain `fn`, which may block its thread.
    Blocking(Arc<dyn Fn(Event, Invocation) -> Outcome + Send + Sync>),
}

impl Function {
    /// An `async fn`.
    pub fn new<F, R>(description: Description, call: F) -> Self
    where
        F: Fn(Event, Invocation) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self { description, call: Call::Async(Arc::new(move |event, invocation| Box::pin(call(event, invocation)))) }
    }

    /// A plain `fn`. Hosts that deliver several events at once call it off the async threads.
    pub fn blocking<F>(description: Description, call: F) -> Self
    where
        F: Fn(Event, Invocation) -> Outcome + Send + Sync + 'static,
    {
        Self { description, call: Call::Blocking(Arc::new(call)) }
    }

    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Calls it with one event. A panic in it is a failed event, where unwinding is on.
    ///
    /// `concurrent` says that the host delivers other events meanwhile, so that a plain `fn` must not hold this thread.
    pub(crate) async fn call(&self, event: Event, invocation: Invocation, concurrent: bool) -> Outcome {
        match &self.call {
            Call::Async(call) => match catch_unwind(AssertUnwindSafe(|| call(event, invocation))) {
                Ok(mut pending) => {
                    poll_fn(|cx| {
                        // User state that a panic left half-changed is the user's to guard, as in a panicking thread.
                        catch_unwind(AssertUnwindSafe(|| pending.as_mut().poll(cx)))
                            .unwrap_or_else(|panic| std::task::Poll::Ready(Outcome::from_panic(&*panic)))
                    })
                    .await
                }
                Err(panic) => Outcome::from_panic(&*panic),
            },
            Call::Blocking(call) if concurrent => {
                let call = Arc::clone(call);
                match tokio::task::spawn_blocking(move || call(event, invocation)).await {
                    Ok(outcome) => outcome,
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => Outcome::from_panic(&*panic),
                        Err(error) => Outcome::Retry(Failure::new("Stopped", error.to_string())),
                    },
                }
            }
            Call::Blocking(call) => {
                catch_unwind(AssertUnwindSafe(|| call(event, invocation))).unwrap_or_else(|panic| Outcome::from_panic(&*panic))
            }
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("description", &self.description).finish_non_exhaustive()
    }
}
