//! Write a plain function once; run it on every cloud.

mod about;
mod context;
mod error;
mod extract;
mod functions;
mod log;
mod payload;
mod program;
mod rejection;
mod reply;
mod sample;
mod service;
mod state;
pub mod trigger;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use http::{HeaderMap, Method, StatusCode, Uri};
#[doc(inline)]
pub use polyfn_macros::{function, functions, main};
pub use polyfn_shim::{Body, Event, Failure, Outcome, Provider, Reply};

pub use self::{
    context::{Context, FromContext},
    error::{Error, IntoError},
    extract::{Cookies, Form, Headers, Json, Path, Query},
    functions::Functions,
    payload::Payload,
    rejection::Rejection,
    reply::{Html, IntoReply, Sse, sse},
    state::State,
};
