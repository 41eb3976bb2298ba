//! The local shim: this machine as a host, and each provider's side of a delivery.
//!
//! The rooms named after providers are the way back of their `decode`: from a logical event to the native bytes that the
//! provider would send.

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "azure")]
pub mod azure;
mod child;
mod client;
#[cfg(feature = "container")]
pub mod container;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
mod finishing;
#[cfg(feature = "gcp")]
pub mod gcp;
mod listing;
mod process;
#[cfg(any(feature = "container", feature = "gcp"))]
mod request;
mod serve;
mod settled;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
#[allow(dead_code, unused_imports, reason = "no provider's sources need all of it")]
mod source;

#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
pub use self::source::{Delays, Tally};
pub use self::{
    child::{Child, Lines, Program},
    client::send,
    process::{Delivering, Process, ProcessError},
    serve::serve,
    settled::Settled,
};
