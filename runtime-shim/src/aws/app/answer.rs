use bytes::Bytes;
use http::Response;

use crate::{Body, Failure};

/// What Lambda is told of an invocation.
#[derive(Debug)]
pub enum Answer {
    /// The reply, all of it.
    Whole(Bytes),
    /// A response that is sent piece by piece.
    Stream(Response<Body>),
    /// The invocation failed.
    Error {
        /// The stable name, such as `Function.BadInput`.
        name: String,
        /// What went wrong, for the log and for a direct caller.
        message: String,
    },
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Self::Error { name: failure.name().to_owned(), message: failure.message().to_owned() }
    }
}
