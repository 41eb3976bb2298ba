//! CloudEvents 1.0 over HTTP, with no word of any provider.
//!
//! In goes a request's headers and body, out comes a [`CloudEvent`] or several; and the other way round. Three modes:
//! binary (attributes are headers, the body is the data), structured (the body is one JSON event) and batched (the body
//! is an array of them). [`Mode::of`] tells which it is, [`decode`] reads it in a [`Dialect`] of header values.
//!
//! With the feature `cloudevents-sdk`, a [`CloudEvent`] and an [`Event`](crate::Event) convert to and from the type of the crate
//! of that name.
//!
//! It may use `event` and `error`; whatever a product's `type` means is for the provider's room.
//!
//! Source: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md>.

mod attributes;
mod binary;
mod cloud_event;
mod from_event;
mod mode;
mod percent;
#[cfg(feature = "cloudevents-sdk")]
mod sdk;
mod structured;

use bytes::Bytes;
use http::HeaderMap;

pub use self::{
    attributes::decode_attributes,
    binary::{decode_binary, encode_binary},
    cloud_event::CloudEvent,
    mode::Mode,
    percent::Dialect,
    structured::{decode_batch, decode_structured, encode_batch, encode_structured},
};
use crate::DecodeError;

/// The CloudEvents of a request in any mode; `None` if it is no CloudEvent.
///
/// # Errors
/// A request that says it is a CloudEvent and is none; the message names the header or the member.
pub fn decode(headers: &HeaderMap, body: &Bytes, dialect: Dialect) -> Result<Option<Vec<CloudEvent>>, DecodeError> {
    Ok(match Mode::of(headers)? {
        Some(Mode::Batch) => Some(decode_batch(body)?),
        Some(Mode::Structured) => Some(vec![decode_structured(body)?]),
        Some(Mode::Binary) => Some(vec![decode_binary(headers, body, dialect)?]),
        None => None,
    })
}
