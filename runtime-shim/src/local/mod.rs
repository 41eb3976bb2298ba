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
#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
mod finishing;
#[cfg(feature = "gcp")]
pub mod gcp;
#[cfg(any(feature = "container", feature = "gcp"))]
mod instance;
mod listing;
mod process;
#[cfg(any(feature = "container", feature = "gcp"))]
mod request;
mod serve;
#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
mod serving;
mod settled;
#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
mod source;

#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
pub use self::source::{Delays, Tally};
pub use self::{
    child::{Child, Lines, Program},
    client::send,
    process::{Delivering, Process, ProcessError},
    serve::serve,
    settled::Settled,
};
