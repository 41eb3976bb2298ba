//! What a function can answer with.

mod direct;
mod html;
mod http;
pub mod sse;

use polyfn_shim::Reply;

pub use self::{html::Html, sse::Sse};
use crate::Error;

/// What a function of the trigger `K` can return when all goes well.
///
/// A function may also return a `Result` of one; its error is any that `?` makes an [`Error`] of.
///
/// ```
/// use polyfn::{Body, Error, IntoReply, Reply, trigger::Http};
/// use http::Response;
///
/// struct Teapot;
///
/// impl IntoReply<Http> for Teapot {
///     const REPLIES: &'static str = "418";
///
///     fn into_reply(self) -> Result<Reply, Error> {
///         Ok(Reply::Http(Response::builder().status(418).body(Body::default())?))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the reply of this function",
    label = "not a reply for `{K}`",
    note = "to a caller, derive `serde::Serialize` for your type and return it as `Json<T>`, or implement `polyfn::IntoReply<{K}>` for it",
    note = "where nobody waits for a value, return `()`"
)]
pub trait IntoReply<K>: Sized {
    /// What a caller gets, in a few words for a person, such as `200 application/json`; empty if it varies.
    const REPLIES: &'static str = "";

    /// Makes the reply.
    ///
    /// # Errors
    /// If the value has no such form, as a map with keys that are no text has none in JSON.
    fn into_reply(self) -> Result<Reply, Error>;
}
