use bytes::Bytes;
use http::{StatusCode, response::Parts};

use crate::event::Headers;

/// A native reply: what a host got for a delivery.
///
/// Lambda's has no status: 200 stands for a response, 500 for an invocation error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// Every header, in order.
    pub headers: Headers,
    /// The body; empty if there was none. A file keeps JSON without the white space between its tokens.
    pub body: Bytes,
}

impl Reply {
    /// A response's head and body.
    pub fn new(parts: &Parts, body: Bytes) -> Self {
        Self { status: parts.status, headers: parts.headers.clone().into(), body }
    }
}
