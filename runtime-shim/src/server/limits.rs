use std::time::Duration;

use crate::{ServeError, host::Env};

/// How much of what the server takes, and how long it waits.
///
/// ```
/// use polyfn_shim::server::Limits;
///
/// let env = |name: &str| (name == "POLYFN_BODY_LIMIT").then(|| "1024".to_owned());
/// assert_eq!(Limits::from_env(&env).unwrap().body, 1024);
/// assert_eq!(Limits::default().body, 32 * 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body of a request, in bytes; a larger one is answered 413.
    pub body: usize,
    /// The most headers of a request; more are answered 431.
    pub headers: usize,
    /// The largest head of a request, in bytes; a larger one is answered 431.
    pub head: usize,
    /// How long a request's head may take to arrive.
    pub head_timeout: Duration,
    /// How long each next piece of a request's body may take to arrive; then 408.
    pub body_timeout: Duration,
    /// The most connections at once; more wait to be accepted.
    pub connections: usize,
    /// How long requests in flight may go on once the server is stopped.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 32 * 1024 * 1024,
            headers: 200,
            head: 64 * 1024,
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            connections: 10_000,
            grace: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The defaults, with the body's limit from `POLYFN_BODY_LIMIT` (bytes).
    ///
    /// # Errors
    /// If that is no number.
    pub fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        let limits = Self::default();
        match env("POLYFN_BODY_LIMIT").filter(|value| !value.is_empty()).map(|value| value.parse()) {
            None => Ok(limits),
            Some(Ok(body)) => Ok(Self { body, ..limits }),
            Some(Err(_)) => Err(ServeError::new("POLYFN_BODY_LIMIT is no number of bytes")),
        }
    }
}
