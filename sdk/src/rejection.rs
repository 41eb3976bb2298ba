use std::fmt;

use http::{Response, StatusCode};
use polyfn_shim::{Body, function::problem};

/// Why an event does not fit what a function takes: the answer to an HTTP caller, and the reason in the log.
///
/// Its text names the place first and never repeats the value that was there.
///
/// ```
/// use polyfn::Rejection;
///
/// let rejection = Rejection::new("expected u64").at("items[2].count");
/// assert_eq!(rejection.to_string(), "items[2].count: expected u64");
/// assert_eq!(rejection.status(), 400);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    reason: String,
    path: String,
    missing: bool,
}

impl Rejection {
    /// The caller's input is wrong for this reason: 400.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, reason: reason.into(), path: String::new(), missing: false }
    }

    /// What the function takes is not there at all: 400, or `None` where the parameter is an `Option`.
    pub fn missing(what: impl Into<String>) -> Self {
        Self { missing: true, ..Self::new(what) }
    }

    /// The same rejection, answered with this status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same rejection, about this field.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same rejection, about a field below this one.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{parent}{dot}{}", self.path);
        self
    }

    /// The status that an HTTP caller gets.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Where the bad field is, such as `items[2].count`; empty for the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether what the function takes was not there at all.
    pub fn is_missing(&self) -> bool {
        self.missing
    }

    /// The answer in problem+json (RFC 9457).
    pub fn into_response(self) -> Response<Body> {
        if self.status.is_server_error() { problem(self.status, "") } else { problem(self.status, self.to_string()) }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl std::error::Error for Rejection {}
