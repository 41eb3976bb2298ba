use std::time::Duration;

use polyfn_shim::{Event, Invocation, Provider, event::Time};

use crate::{Rejection, about::About, payload::Carried};

/// The facts about one invocation: its id, its deadline, its trace, the function's name.
///
/// ```
/// use polyfn::{Context, Provider};
///
/// async fn report(cx: Context) -> String {
///     format!("{} on {}", cx.function(), cx.provider())
/// }
///
/// let cx = Context::for_test("report");
/// assert_eq!(cx.provider(), Provider::Local);
/// assert_eq!(cx.deadline(), None);
/// ```
#[derive(Clone, Debug)]
pub struct Context {
    invocation: Invocation,
    attempt: u32,
    batch: Option<Carried>,
}

impl Context {
    pub(crate) fn new(invocation: Invocation, attempt: u32) -> Self {
        Self { invocation, attempt, batch: None }
    }

    /// The context of several events at once.
    pub(crate) fn with_batch(mut self, batch: Carried) -> Self {
        self.batch = Some(batch);
        self
    }

    pub(crate) fn batch(&self) -> Option<&Carried> {
        self.batch.as_ref()
    }

    /// A context to call a function with in a unit test: provider local, a first attempt, no deadline.
    pub fn for_test(function: &'static str) -> Self {
        Self::new(Invocation::new(Provider::Local, "test").with_function(function), 1)
    }

    /// The host's id of the invocation; logs and support requests name it.
    pub fn id(&self) -> &str {
        self.invocation.id()
    }

    /// The name of the function.
    pub fn function(&self) -> &'static str {
        self.invocation.function()
    }

    /// Who delivered the event.
    pub fn provider(&self) -> Provider {
        self.invocation.provider()
    }

    /// Which delivery of the event it is, from 1 on.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When the host gives up on the invocation, or `None` if it does not say.
    pub fn deadline(&self) -> Option<Time> {
        self.invocation.deadline()
    }

    /// How long there is until the deadline: zero if it has passed, `None` if there is none.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline().map(|deadline| deadline.since(Time::now()))
    }

    /// The trace it belongs to: W3C `traceparent` where there is one, else the provider's own form.
    pub fn trace(&self) -> Option<&str> {
        self.invocation.trace()
    }

    pub(crate) fn invocation(&self) -> &Invocation {
        &self.invocation
    }
}

/// What a function may take beside its payload: [`Context`], [`State<T>`](crate::State), [`Event`], or your own.
///
/// ```
/// use polyfn::{Context, Event, FromContext, Rejection};
///
/// struct Tenant(String);
///
/// impl FromContext for Tenant {
///     fn from_context(event: &Event, _: &Context) -> Result<Self, Rejection> {
///         event.attribute("tenant").map(|t| Self(t.to_owned())).ok_or_else(|| Rejection::missing("no tenant"))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a context parameter of this function",
    label = "not known from the context",
    note = "after its payload a function takes `Context`, `State<T>` or `Event`; or implement `polyfn::FromContext` for `{Self}`",
    note = "a function has one payload: several values are one tuple, such as `(a, b): (i64, i64)`"
)]
pub trait FromContext: Sized {
    /// Reads it from the event and the facts of the invocation.
    ///
    /// # Errors
    /// If the event lacks it.
    fn from_context(event: &Event, cx: &Context) -> Result<Self, Rejection>;

    #[doc(hidden)]
    fn describe(_: &mut About) {}
}

impl FromContext for Context {
    fn from_context(_: &Event, cx: &Context) -> Result<Self, Rejection> {
        Ok(cx.clone())
    }
}

impl FromContext for Event {
    fn from_context(event: &Event, _: &Context) -> Result<Self, Rejection> {
        Ok(event.clone())
    }
}
