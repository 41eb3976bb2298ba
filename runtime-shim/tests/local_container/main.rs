//! A host of containers and a broker of CloudEvents on this machine.
#![cfg(all(feature = "azure", feature = "container", feature = "gcp", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod broker;
mod container;
#[path = "../hosted/mod.rs"]
mod hosted;

/// No test: the program that the tests start.
#[test]
#[ignore = "needs the tests beside it, which start it as a process of its own"]
fn child() {
    hosted::program::play();
}
