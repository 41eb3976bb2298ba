use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response};

/// What lies between a host and its functions, to be broken by tests that must see it.
///
/// Nothing changes unless one is laid by [`Hosts::with_wire`](super::Hosts::with_wire), and each end does what it does with whatever
/// comes out of it.
pub trait Wire: Debug + Send + Sync {
    /// The native delivery on its way to the functions.
    fn delivery(&self, delivery: Request<Bytes>) -> Request<Bytes> {
        delivery
    }

    /// The native reply on its way back.
    fn reply(&self, reply: Response<Bytes>) -> Response<Bytes> {
        reply
    }
}
