use std::{any::Any, borrow::Cow, fmt};

use http::StatusCode;
use polyfn_shim::{BoxError, Failure};

use crate::Rejection;

/// Why a function could not handle an event, and what is to be done about it.
///
/// An error asks for the event again, unless it says otherwise. `?` makes one of any error; its name for callers is then
/// the name of that error's type.
///
/// ```
/// use polyfn::Error;
///
/// fn stock(sku: &str) -> Result<u32, Error> {
///     if sku.is_empty() {
///         return Err(Error::status(404, "no such article"));
///     }
///     Ok(sku.len().try_into()?)
/// }
///
/// assert_eq!(stock("").unwrap_err().to_string(), "no such article");
/// assert!(Error::drop("not ours").is_drop());
/// ```
pub struct Error {
    name: Cow<'static, str>,
    message: String,
    then: Then,
    source: Option<BoxError>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Retry,
    Drop,
    Answer(StatusCode),
}

impl Error {
    /// An error that asks for the event again; an HTTP caller sees 500.
    pub fn msg(message: impl Into<String>) -> Self {
        Self { name: Cow::Borrowed("Error"), message: message.into(), then: Then::Retry, source: None }
    }

    /// An error that gives the event up: it is acknowledged, and logged as an error.
    pub fn drop(message: impl Into<String>) -> Self {
        Self { then: Then::Drop, ..Self::msg(message) }
    }

    /// An error that answers a caller with this HTTP status and this text, as problem+json. Other triggers try again.
    ///
    /// A number that is no HTTP status becomes 500.
    pub fn status(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { then: Then::Answer(status), ..Self::msg(message) }
    }

    /// The same error with a stable name for callers that match on it: `Function.OrderMissing` for `"OrderMissing"`.
    ///
    /// Letters only, the first one upper case; anything else becomes `Function.Error`.
    ///
    /// ```
    /// let error = polyfn::Error::msg("no order 7").named("OrderMissing");
    /// assert_eq!(error.to_string(), "no order 7");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Whether the event is given up.
    pub fn is_drop(&self) -> bool {
        self.then == Then::Drop
    }

    /// The status it answers a caller with, if it does.
    pub fn http_status(&self) -> Option<StatusCode> {
        match self.then {
            Then::Answer(status) => Some(status),
            Then::Retry | Then::Drop => None,
        }
    }

    /// What went wrong, without its causes.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What caused it, if it came from another error.
    pub fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().and_then(std::error::Error::source)
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let message = error.to_string();
        let any: &dyn Any = &error;
        if let Some(rejection) = any.downcast_ref::<Rejection>() {
            return Self::status(rejection.status().as_u16(), message).named("BadInput");
        }
        // `a::b::OrderMissing<T>` is `OrderMissing`.
        let path = std::any::type_name::<E>();
        let name = path.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or("Error");
        Self { name: Cow::Borrowed(name), message, then: Then::Retry, source: Some(Box::new(error)) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(&error.name, format!("{error:#}"));
        match error.http_status() {
            Some(status) => failure.with_status(status),
            None => failure,
        }
    }
}

impl fmt::Display for Error {
    /// This level only; with `{:#}` its causes too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut source = self.source().filter(|_| f.alternate());
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

/// What may be the error of a function's `Result`: [`Error`], or any error that `?` makes one of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a function",
    label = "not an error that polyfn can report",
    note = "return `Result<_, polyfn::Error>`, or implement `std::error::Error` for `{Self}`"
)]
pub trait IntoError {
    /// The error that the host hears of.
    fn into_error(self) -> Error;
}

impl<E: Into<Error>> IntoError for E {
    fn into_error(self) -> Error {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct OrderMissing(std::num::ParseIntError);

    impl fmt::Display for OrderMissing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("no such order")
        }
    }

    impl std::error::Error for OrderMissing {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_error_is_named_after_its_type_and_tells_its_causes_once() {
        let error = Error::from(OrderMissing("x".parse::<u8>().unwrap_err()));
        assert_eq!(error.to_string(), "no such order");
        let failure = Failure::from(error);
        assert_eq!(failure.to_string(), "Function.OrderMissing: no such order: invalid digit found in string");
        assert_eq!(failure.status(), None);
    }

    #[test]
    fn a_rejection_keeps_its_status() {
        let failure = Failure::from(Error::from(Rejection::new("not a number").at("id")));
        assert_eq!((failure.name(), failure.status()), ("Function.BadInput", Some(StatusCode::BAD_REQUEST)));
    }

    #[test]
    fn an_illegal_status_is_500() {
        assert_eq!(Error::status(42, "x").http_status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    }
}
