//! The Functions host of this machine: what it makes of replies, how it starts and watches a program, and what its sources do.
#![cfg(all(feature = "azure", feature = "local"))]

mod replies;
