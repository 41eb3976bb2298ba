//! The local shim: this machine as a host, and each provider's side of a delivery.
//!
//! The rooms named after providers are the way back of their `decode`: from a logical event to the native bytes that the
//! provider would send.

mod api;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "azure")]
pub mod azure;
mod child;
mod client;
mod console;
#[cfg(feature = "container")]
pub mod container;
pub mod difference;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
mod finishing;
#[cfg(feature = "gcp")]
pub mod gcp;
mod host;
#[cfg(any(feature = "container", feature = "gcp"))]
mod instance;
mod listing;
mod parent;
mod process;
pub mod recording;
#[cfg(any(feature = "container", feature = "gcp"))]
mod request;
mod sample;
mod serve;
#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
mod serving;
mod settled;
mod shim;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
mod source;
pub mod store;

#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
pub use self::source::{Delays, Tally};
pub use self::{
    child::{Child, Lines, Program},
    client::send,
    host::{Call, Delivered, Ended, Form, Hosts, Undeliverable, Wire},
    parent::{PARENT, end_with_parent},
    process::{Delivering, Process, ProcessError},
    sample::sample,
    serve::serve,
    settled::Settled,
};
