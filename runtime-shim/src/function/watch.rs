//! Who sees what functions are called with, and what they log: hosts on this machine, for their tests and their console.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task_local;

use crate::{Event, Outcome};

task_local! {
    static WATCH: Arc<dyn Watch>;
}

/// Sees the calls of functions, and the lines of their logs.
pub trait Watch: Send + Sync {
    /// A function has handled an event.
    fn called(&self, called: Called<'_>);

    /// A line was logged on behalf of what is watched, without its line break.
    fn logged(&self, line: &str);
}

/// One event that a function was called with.
#[derive(Debug)]
pub struct Called<'a> {
    /// The function's name.
    pub function: &'static str,
    /// The event, with the parameters of the route.
    pub event: &'a Event,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// How long that took; for a function of several events, all of them together.
    pub took: Duration,
}

/// Runs a future whose calls of functions are seen by `watch`, also those that it leaves to other tasks and threads.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use polyfn_shim::{Event, Invocation, Outcome, Provider, Reply, Trigger};
/// use polyfn_shim::function::{Binding, Called, Description, Function, Functions, Table, Watch, watched};
///
/// #[derive(Default)]
/// struct Names(Mutex<Vec<&'static str>>);
///
/// impl Watch for Names {
///     fn called(&self, called: Called<'_>) {
///         self.0.lock().unwrap().push(called.function);
///     }
///     fn logged(&self, _: &str) {}
/// }
///
/// let add = Function::blocking(Description::new("add", Binding::Direct), |_, _| Outcome::Done(Reply::Empty));
/// let table = Table::new(Functions::new(vec![add]), None, true).unwrap();
/// let names = Arc::new(Names::default());
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let event = Event::new(Provider::Local, Trigger::Direct);
/// watched(names.clone(), table.call(&table.functions()[0], event, Invocation::new(Provider::Local, "1"))).await;
/// # });
/// assert_eq!(*names.0.lock().unwrap(), ["add"]);
/// ```
pub async fn watched<F: Future>(watch: Arc<dyn Watch>, future: F) -> F::Output {
    WATCH.scope(watch, future).await
}

/// Tells whoever watches what runs here of a line of the log.
pub fn logged(line: &str) {
    let _ = WATCH.try_with(|watch| watch.logged(line));
}

/// Who watches what runs here.
pub(super) fn watch() -> Option<Arc<dyn Watch>> {
    WATCH.try_with(Arc::clone).ok()
}

/// The same future for a task of its own, watched by whoever watches here.
pub(super) async fn inherited<F: Future>(watch: Option<Arc<dyn Watch>>, future: F) -> F::Output {
    match watch {
        Some(watch) => watched(watch, future).await,
        None => future.await,
    }
}

/// The same work for a thread of its own, watched by whoever watches here.
pub(super) fn inherited_by_thread<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let watch = watch();
    move || match watch {
        Some(watch) => WATCH.sync_scope(watch, work),
        None => work(),
    }
}

/// A call that somebody may be watching.
pub(super) struct Seen {
    function: &'static str,
    watched: Option<(Arc<dyn Watch>, Vec<Event>, Instant)>,
}

impl Seen {
    /// The call begins; nothing is kept of it if nobody watches.
    pub(super) fn begin(function: &'static str, events: &[Event]) -> Self {
        Self { function, watched: watch().map(|watch| (watch, events.to_vec(), Instant::now())) }
    }

    /// The call has ended, with an outcome for each event.
    pub(super) fn end(self, outcomes: &[Outcome]) {
        let Some((watch, events, began)) = self.watched else { return };
        let took = began.elapsed();
        for (event, outcome) in events.iter().zip(outcomes) {
            watch.called(Called { function: self.function, event, outcome, took });
        }
    }
}
