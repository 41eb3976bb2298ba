use bytes::Bytes;
use http::{Method, request::Parts};

use crate::event::Headers;

/// A native delivery: one request from a host.
///
/// Lambda hands deliveries out instead: there it is the answer to `GET /2018-06-01/runtime/invocation/next`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// Every header, in order.
    pub headers: Headers,
    /// The body; empty if there was none. A file keeps JSON without the white space between its tokens.
    pub body: Bytes,
}

impl Delivery {
    /// A request's head and body.
    pub fn new(parts: &Parts, body: Bytes) -> Self {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { method: parts.method.clone(), path, headers: parts.headers.clone().into(), body }
    }
}
