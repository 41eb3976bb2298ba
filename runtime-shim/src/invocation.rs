use std::{any::Any, fmt, sync::Arc};

use crate::{Provider, event::Time};

/// The facts of one invocation that the host gave, for whichever event it is about.
///
/// ```
/// use polyfn_shim::{Invocation, Provider};
///
/// let invocation = Invocation::new(Provider::Local, "42");
/// assert_eq!(invocation.id(), "42");
/// assert_eq!(invocation.deadline(), None);
/// ```
#[derive(Clone)]
pub struct Invocation {
    provider: Provider,
    id: Arc<str>,
    deadline: Option<Time>,
    trace: Option<Arc<str>>,
    function: &'static str,
    state: Option<Arc<dyn Any + Send + Sync>>,
}

impl Invocation {
    /// An invocation of this id, with nothing else known.
    pub fn new(provider: Provider, id: impl Into<Arc<str>>) -> Self {
        Self { provider, id: id.into(), deadline: None, trace: None, function: "", state: None }
    }

    /// Who delivered it.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The host's id of the invocation, or one made here if the host has none.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When the host gives up on it, if it says so.
    pub fn deadline(&self) -> Option<Time> {
        self.deadline
    }

    /// The trace it belongs to: W3C `traceparent` where there is one, else the provider's own header.
    pub fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    /// The function that was chosen for the event; empty before one is.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// What the program's `init` made; opaque here.
    pub fn state(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.state.as_ref()
    }

    /// Sets the deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Option<Time>) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the trace.
    #[must_use]
    pub fn with_trace(mut self, trace: Option<&str>) -> Self {
        self.trace = trace.map(Arc::from);
        self
    }

    /// Sets the function.
    #[must_use]
    pub fn with_function(mut self, function: &'static str) -> Self {
        self.function = function;
        self
    }

    /// Sets the program's state.
    #[must_use]
    pub fn with_state(mut self, state: Option<Arc<dyn Any + Send + Sync>>) -> Self {
        self.state = state;
        self
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invocation")
            .field("provider", &self.provider)
            .field("id", &self.id)
            .field("deadline", &self.deadline)
            .field("trace", &self.trace)
            .field("function", &self.function)
            .finish_non_exhaustive()
    }
}
