//! The Functions host of this machine: what it makes of replies, how it starts and watches a program, and what its sources do.
#![cfg(all(feature = "azure", feature = "container", feature = "gcp", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod feeds;
mod handler;
#[path = "../hosted/mod.rs"]
mod hosted;
mod queues;
mod replies;
mod timers;

use polyfn_shim::{azure::Declaration, function::Function};

/// How a function declares itself.
fn declared(function: &Function) -> Declaration {
    Declaration::of(function.description(), function.is_batch()).unwrap()
}

/// No test: the program that the tests start.
#[test]
#[ignore = "needs the tests beside it, which start it as a process of its own"]
fn child() {
    hosted::program::play();
}
