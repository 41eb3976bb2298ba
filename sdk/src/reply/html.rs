use http::{HeaderValue, Response, header::CONTENT_TYPE};
use polyfn_shim::{Body, Reply};

use super::IntoReply;
use crate::{Error, trigger::Http};

/// A page: a response of type `text/html; charset=utf-8`.
///
/// ```
/// use polyfn::{Html, function};
///
/// #[function(http = "GET /", public)]
/// fn home() -> Html<&'static str> {
///     Html("<h1>Hello</h1>")
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Html<T>(pub T);

impl<T: Into<Body>> IntoReply<Http> for Html<T> {
    const REPLIES: &'static str = "200 text/html";

    fn into_reply(self) -> Result<Reply, Error> {
        let mut response = Response::new(self.0.into());
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        Ok(Reply::Http(response))
    }
}
