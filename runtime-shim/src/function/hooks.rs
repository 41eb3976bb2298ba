use std::{any::Any, fmt, future::Future, pin::Pin, sync::Arc};

use crate::Failure;

/// What `init` made, shared by every invocation; opaque here.
pub type State = Arc<dyn Any + Send + Sync>;

type Started = Pin<Box<dyn Future<Output = Result<State, Failure>> + Send>>;
type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a program wants done once before the first invocation, and once after the last.
#[derive(Default)]
pub struct Hooks {
    init: Option<Box<dyn FnOnce() -> Started + Send>>,
    shutdown: Option<Box<dyn FnOnce(Option<State>) -> Stopped + Send>>,
}

impl Hooks {
    /// Sets what runs before the first invocation.
    #[must_use]
    pub fn with_init<F, R>(mut self, init: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Result<State, Failure>> + Send + 'static,
    {
        self.init = Some(Box::new(move || Box::pin(init())));
        self
    }

    /// Sets what runs after the last invocation, with what `init` made.
    #[must_use]
    pub fn with_shutdown<F, R>(mut self, shutdown: F) -> Self
    where
        F: FnOnce(Option<State>) -> R + Send + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.shutdown = Some(Box::new(move |state| Box::pin(shutdown(state))));
        self
    }

    /// Whether something is to be done at the end.
    pub fn has_shutdown(&self) -> bool {
        self.shutdown.is_some()
    }

    pub(super) async fn init(&mut self) -> Result<Option<State>, Failure> {
        match self.init.take() {
            Some(init) => init().await.map(Some),
            None => Ok(None),
        }
    }

    pub(super) async fn shutdown(&mut self, state: Option<State>) {
        if let Some(shutdown) = self.shutdown.take() {
            shutdown(state).await;
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").field("init", &self.init.is_some()).field("shutdown", &self.shutdown.is_some()).finish()
    }
}
