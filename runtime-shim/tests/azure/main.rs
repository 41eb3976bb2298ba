//! What the Functions host sends and takes, as its documents say, against `azure` and `local::azure`.
#![cfg(all(feature = "azure", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the failure"
)]

mod deliver;
mod encode;
mod events;
mod function_json;
mod property;
mod rounds;
mod rows;
mod serve;
mod shared;
mod testdata;
mod wire;
