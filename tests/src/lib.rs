//! What the tests share: a process under a host's environment, small stand-ins for the hosts, and the test data of the
//! providers.
//!
//! Everything here is plain blocking code that imports nothing of ours, so that a test shares nothing with what it tests.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod example;
mod message;
mod process;
mod runtime_api;
mod testdata;

pub use self::{
    example::example,
    message::{Response, answered, call, get, post},
    process::{Process, free_port},
    runtime_api::{Answer, RuntimeApi},
    testdata::{Row, TRIGGERS, TestData, request},
};
