//! What the tests of whole programs share: a process under a host's environment, and small stand-ins for the hosts.
//!
//! Everything here is plain blocking code from the standard library, so that a test shares nothing with what it tests.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod example;
mod message;
mod process;
mod runtime_api;

pub use self::{
    example::example,
    message::{Response, call, get, post},
    process::{Process, free_port},
    runtime_api::{Answer, RuntimeApi},
};
