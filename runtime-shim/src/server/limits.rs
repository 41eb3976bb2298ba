use std::time::Duration;

use crate::{ServeError, host::Env};

/// What one client may take of the server.
///
/// ```
/// use polyfn_shim::server::Limits;
///
/// let env = |name: &str| (name == "POLYFN_BODY_LIMIT").then(|| "1024".to_owned());
/// assert_eq!(Limits::from_env(&env).unwrap().body, 1024);
/// assert_eq!(Limits::default().body, 32 * 1024 * 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body; more is answered 413.
    pub body: usize,
    /// Headers of a request; more are answered 431.
    pub headers: usize,
    /// Bytes of a request's line and headers; more are answered 431.
    pub head: usize,
    /// How long a request's line and headers may take, which is also how long a connection may be idle between requests.
    pub head_time: Duration,
    /// How long the next piece of a body may take; the whole of it may take as long again for each 32 KiB.
    pub body_time: Duration,
    /// How long the client may leave a piece of the response unread.
    pub write_time: Duration,
    /// Connections at once; later ones wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 32 * 1024 * 1024,
            headers: 100,
            head: 64 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(60),
            connections: 4096,
        }
    }
}

impl Limits {
    /// The default limits, with the body's from `POLYFN_BODY_LIMIT` (in bytes) if it is set.
    ///
    /// # Errors
    /// If it is no whole number.
    pub fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        let mut limits = Self::default();
        if let Some(text) = env("POLYFN_BODY_LIMIT").filter(|text| !text.is_empty()) {
            limits.body = text
                .parse()
                .map_err(|error| ServeError::because("POLYFN_BODY_LIMIT: not a whole number of bytes such as 33554432", error))?;
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_no_number_is_an_error_that_names_it() {
        for (value, limit) in [("5", Some(5)), ("0", Some(0)), ("", Some(33_554_432)), ("32MB", None), ("-1", None)] {
            let limits = Limits::from_env(&|name| (name == "POLYFN_BODY_LIMIT").then(|| value.to_owned()));
            match limits {
                Ok(limits) => assert_eq!(Some(limits.body), limit, "{value}"),
                Err(error) => assert!(limit.is_none() && error.to_string().starts_with("POLYFN_BODY_LIMIT: "), "{value}"),
            }
        }
    }
}
