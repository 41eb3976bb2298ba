//! Write a plain function once; run it on AWS Lambda, Google Cloud, Azure Functions and any container.
//!
//! ```no_run
//! use polyfn::{Path, function};
//!
//! /// Greets a person by name.
//! #[function(http = "GET /hello/{name}")]
//! async fn hello(Path(name): Path<String>) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! polyfn::main!(hello);
//! # fn unused() {}
//! ```
//!
//! Run it with `cargo run` and it serves on this machine; start the same binary under Lambda, Cloud Run, the Azure
//! Functions host or with `PORT` set, and it serves there.
//!
//! # The words
//!
//! A **trigger** starts an invocation: an HTTP request, a direct call, a message ... A **delivery** is one native request
//! of the host; it carries one or more **events**, which are one common type whichever provider sent them
//! ([`Event`]). A **payload** is what a function takes, decoded from an event ([`Payload`]); **context** is what it knows of
//! the invocation ([`Context`], [`State`]). The **outcome** is done, retry or drop ([`Outcome`], [`Error`]); the **reply** is
//! the native answer made of it ([`IntoReply`]).
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `aws` | AWS Lambda |
//! | `gcp` | Google Cloud: Cloud Run and Cloud Run functions |
//! | `azure` | Azure Functions, as a custom handler |
//! | `container` | any container that speaks HTTP |
//! | `local` | the shim on this machine |
//!
//! All are on by default. A slim build holds one provider; started by another host it says what it lacks.
//!
//! One more is off by default: `cloudevents-sdk`, with which an `event` function can take the event type of that crate, and an
//! [`Event`] converts into it.

// The macros' output names the crate as a user does.
#[cfg(test)]
extern crate self as polyfn;

mod about;
mod context;
mod error;
mod extract;
mod functions;
#[cfg(feature = "gcp")]
pub mod gcp;
mod log;
mod payload;
mod program;
mod rejection;
mod reply;
mod sample;
mod service;
mod state;
#[cfg(feature = "local")]
pub mod testing;
pub mod trigger;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method, StatusCode, Uri};
#[doc = include_str!("docs/function.md")]
pub use polyfn_macros::function;
#[doc = include_str!("docs/functions.md")]
pub use polyfn_macros::functions;
#[doc = include_str!("docs/main.md")]
pub use polyfn_macros::main;
pub use polyfn_shim::{Body, Event, Failure, Outcome, Provider, Reply, event};

#[cfg(any(feature = "gcp", feature = "azure", feature = "container", feature = "local"))]
pub use self::service::FunctionService;
pub use self::{
    context::{Context, FromContext},
    error::{Error, IntoError},
    extract::{Cookies, Form, Headers, Json, Path, Query},
    functions::Functions,
    payload::{Batch, Change, CloudEvent, Data, Message, Object, Payload, Record, Tick},
    rejection::Rejection,
    reply::{Html, IntoReply, Sse, sse},
    state::State,
};

/// The README's programs compile, where there is the local shim that its tests go through.
#[cfg(all(doctest, feature = "local"))]
#[doc = include_str!("../../README.md")]
struct Readme;
