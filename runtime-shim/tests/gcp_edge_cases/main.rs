//! What Google Cloud and CloudEvents send over HTTP, in the odd cases: one row a case, numbered as Google's contract, its
//! transports and the specification of CloudEvents were gone through. Rows 44 to 48 are those of documents in protobuf.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test needs and does not find fails the test"
)]

mod answered;
mod delivered;
#[path = "../shared/mod.rs"]
mod shared;
