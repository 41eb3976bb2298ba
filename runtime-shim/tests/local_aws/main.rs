//! Lambda on this machine: the Runtime API, `Invoke`, the front ends and the sources.
#![cfg(all(feature = "aws", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod asynchronous;
mod gateway;
mod here;
mod hosts;
mod lambda;
mod program;
mod runtime_api;
mod script;
mod settled;
mod shards;
mod sqs;

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::local::{Process, ProcessError, aws::FUNCTION_ERROR};
use serde_json::Value;

/// The request of an `Invoke`.
fn invoke(payload: impl Into<Bytes>) -> Request<Bytes> {
    Request::new(payload.into())
}

/// The reply, and whether the invocation went well.
async fn deliver(process: &dyn Process, payload: &str) -> (bool, Value) {
    read(process.deliver(invoke(payload.to_owned())).await)
}

fn read(reply: Result<Response<Bytes>, ProcessError>) -> (bool, Value) {
    let reply = reply.unwrap();
    assert_eq!(reply.status(), 200);
    let failure = reply.headers().get(FUNCTION_ERROR);
    assert!(failure.is_none_or(|failure| failure == "Unhandled"), "{failure:?}");
    (failure.is_none(), serde_json::from_slice(reply.body()).unwrap())
}
