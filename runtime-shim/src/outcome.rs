//! What became of one event.

use std::{any::Any, borrow::Cow, fmt};

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::Body;

/// What became of one event; each provider's `encode` makes the native reply of it.
#[derive(Debug)]
pub enum Outcome {
    /// Handled, with what the caller gets.
    Done(Reply),
    /// Not handled: deliver it again, or tell the caller that it failed.
    Retry(Failure),
    /// Not handled, and not to be delivered again.
    Drop(Failure),
}

impl Outcome {
    /// Whether the event was handled.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// The outcome of an event that a panic in user code cut short.
    pub fn from_panic(panic: &(dyn Any + Send)) -> Self {
        Self::Retry(Failure::from_panic(panic))
    }

    /// The outcome of one event whose function answered as for several: one result that failed is the event's failure.
    pub(crate) fn of_one(self) -> Self {
        let Self::Done(Reply::Each(mut outcomes)) = self else { return self };
        let weight = |outcome: &Self| match outcome {
            Self::Done(_) => 0,
            Self::Drop(_) => 1,
            Self::Retry(_) => 2,
        };
        outcomes.sort_by_key(weight);
        outcomes.pop().map_or(Self::Done(Reply::Empty), Self::of_one)
    }
}

/// What the caller of a handled event gets.
#[derive(Debug)]
pub enum Reply {
    /// Nothing: the event has no caller that waits for a value.
    Empty,
    /// The response to an HTTP request.
    Http(Response<Body>),
    /// The JSON text that a direct call answers with.
    Direct(Bytes),
    /// What became of each event of a batch, in the order of the batch.
    Each(Vec<Outcome>),
}

/// Why an event was not handled.
///
/// Its name is stable, for callers that match on it: `Function.BadInput` in Lambda's `errorType`.
///
/// ```
/// use polyfn_shim::Failure;
///
/// assert_eq!(Failure::new("OrderMissing", "no order 7").name(), "Function.OrderMissing");
/// assert_eq!(Failure::new("not a name", "x").name(), "Function.Error");
/// ```
#[derive(Clone, Debug)]
pub struct Failure {
    name: Cow<'static, str>,
    message: String,
    status: Option<StatusCode>,
}

impl Failure {
    /// A failure of this kind. `kind` is a word such as `OrderMissing`: letters only, the first one upper case, as Lambda
    /// asks of error types; anything else becomes `Error`.
    pub fn new(kind: &str, message: impl Into<String>) -> Self {
        let legal =
            kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.bytes().all(|b| b.is_ascii_alphabetic()) && kind.len() > 1;
        let name = if legal { format!("Function.{kind}").into() } else { "Function.Error".into() };
        Self { name, message: message.into(), status: None }
    }

    /// The failure of an event that a panic in user code cut short.
    pub(crate) fn from_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::new("Panic", format!("the function panicked: {}", text.unwrap_or("no message")))
    }

    /// The same failure, which an HTTP caller sees with this status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The stable name, such as `Function.BadInput`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What went wrong, for the log and for direct callers.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The status that an HTTP caller sees, if it is not 500.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}
