//! AWS Lambda: its deliveries, its replies, and the loop over its Runtime API.
//!
//! [`decode()`] and [`encode`] are pure; [`App`] calls functions between the two; [`serve()`] is the only place with I/O.

mod app;
mod decode;
pub mod encode;
mod frame;
mod receipt;
mod serve;
mod shape;

use bytes::Bytes;

pub(crate) use self::app::{EVENTS, Events};
pub use self::{
    app::{Answer, App, Taken},
    decode::Decoded,
    frame::Frame,
    receipt::Receipt,
    serve::serve,
    shape::Shape,
};
use crate::DecodeError;

/// Reads a delivery: the body of an invocation, with what its headers said.
///
/// The shape is decided once, on the top level of the JSON, and any JSON that is no known shape is a direct call, so
/// no JSON is an unknown shape.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{Trigger, aws};
///
/// let delivery = Bytes::from_static(br#"{"a": 1}"#);
/// let decoded = aws::decode(&delivery, &aws::Frame::default()).unwrap();
/// assert_eq!(decoded.shape(), aws::Shape::Direct);
/// assert_eq!(decoded.events()[0].trigger(), &Trigger::Direct);
/// ```
///
/// # Errors
/// If it is no JSON, an HTTP request that no server would accept, or holds a record without what makes it one; the
/// error names the place. One record's body that a function cannot read is no such error.
pub fn decode(delivery: &Bytes, frame: &Frame) -> Result<Decoded, DecodeError> {
    decode::decode(delivery, frame).map_err(|refused| refused.error)
}
