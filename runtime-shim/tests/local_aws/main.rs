//! Lambda's side of a delivery on this machine: the Runtime API, the gateways, the sources.
#![cfg(all(feature = "aws", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod settled;
