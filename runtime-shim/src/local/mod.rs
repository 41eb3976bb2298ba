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
pub mod difference;
#[cfg(feature = "gcp")]
pub mod gcp;
mod host;
mod listing;
mod process;
pub mod recording;
#[cfg(any(feature = "container", feature = "gcp"))]
mod request;
mod serve;
mod settled;

pub use self::{
    child::{Child, Lines, Program},
    client::send,
    host::{Call, Delivered, Ended, Form, Hosts, Undeliverable, Wire},
    process::{Delivering, Process, ProcessError},
    serve::serve,
    settled::Settled,
};
