use std::{
    any::Any,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use crate::Failure;

/// What `init` made, shared by every invocation; opaque here.
pub type State = Arc<dyn Any + Send + Sync>;

type Init = Box<dyn FnOnce() -> Started + Send>;
type Shutdown = Box<dyn FnOnce(Option<State>) -> Stopped + Send>;
type Started = Pin<Box<dyn Future<Output = Result<State, Failure>> + Send>>;
type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a program wants done once before the first invocation, and once after the last.
#[derive(Default)]
pub struct Hooks {
    init: Mutex<Option<Init>>,
    shutdown: Mutex<Option<Shutdown>>,
}

impl Hooks {
    /// Sets what runs before the first invocation.
    #[must_use]
    pub fn with_init<F, R>(mut self, init: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Result<State, Failure>> + Send + 'static,
    {
        self.init = Mutex::new(Some(Box::new(move || Box::pin(init()))));
        self
    }

    /// Sets what runs after the last invocation, with what `init` made.
    #[must_use]
    pub fn with_shutdown<F, R>(mut self, shutdown: F) -> Self
    where
        F: FnOnce(Option<State>) -> R + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.shutdown = Mutex::new(Some(Box::new(move |state| Box::pin(shutdown(state)))));
        self
    }

    /// Whether something is to be done at the end.
    pub fn has_shutdown(&self) -> bool {
        self.shutdown.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(super) async fn init(&self) -> Result<Option<State>, Failure> {
        match take(&self.init) {
            Some(init) => init().await.map(Some),
            None => Ok(None),
        }
    }

    pub(super) async fn shutdown(&self, state: Option<State>) {
        if let Some(shutdown) = take(&self.shutdown) {
            shutdown(state).await;
        }
    }
}

/// A hook runs once, whoever comes first.
fn take<T>(hook: &Mutex<Option<T>>) -> Option<T> {
    hook.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("shutdown", &self.has_shutdown()).finish_non_exhaustive()
    }
}
