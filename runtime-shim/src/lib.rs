//! The machinery under `polyfn`: the common [`Event`], and what turns each provider's deliveries into events and
//! outcomes into that provider's replies.
//!
//! Write functions with the crate `polyfn`; it re-exports what they need from here.
//!
//! - [`event`]: the one common type. It names no provider's wire format.
//! - `cloudevents`: CloudEvents over HTTP, which several providers speak.
//! - [`outcome`]: what became of an event.
//! - [`function`]: a function with its description, and the table of all functions of a binary.
//! - [`manifest`]: what a program says of its functions, within its own file.
//! - [`host`]: which host started this process.
//! - One room per provider, each with `decode` (bytes to events), `encode` (outcomes to a reply) and `serve`.

mod base64;
mod body;
#[cfg(any(feature = "container", feature = "local"))]
pub mod clock;
#[cfg(any(feature = "gcp", feature = "container", feature = "cloudevents-sdk"))]
pub mod cloudevents;
mod error;
pub mod event;
mod fields;
pub mod function;
pub mod host;
mod invocation;
pub mod manifest;
mod members;
pub mod outcome;
mod provider;
#[cfg(any(feature = "aws", feature = "azure", feature = "cloudevents-sdk", feature = "container", feature = "gcp"))]
mod scan;
pub mod sources;
mod text;
#[cfg(any(feature = "aws", feature = "azure", feature = "cloudevents-sdk", feature = "container", feature = "gcp"))]
mod unescape;

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "azure")]
pub mod azure;
#[cfg(feature = "container")]
pub mod container;
#[cfg(feature = "gcp")]
pub mod gcp;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "server")]
pub mod server;

pub use self::{
    body::Body,
    error::{BoxError, DecodeError, ServeError, without_value},
    event::{Event, Trigger},
    invocation::Invocation,
    outcome::{Failure, Outcome, Reply},
    provider::{Provider, UnknownProvider},
};
