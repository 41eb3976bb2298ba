use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use polyfn_shim::{Body, Reply, function::problem};
use serde::Serialize;

use super::IntoReply;
use crate::{Error, Json, trigger::Http};

/// A body with its media type.
fn typed(media_type: &'static str, body: impl Into<Body>) -> Result<Reply, Error> {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(Reply::Http(response))
}

/// The response that another reply makes, to change.
fn response(reply: impl IntoReply<Http>) -> Result<Response<Body>, Error> {
    match reply.into_reply()? {
        Reply::Http(response) => Ok(response),
        Reply::Direct(json) => Ok(Response::new(json.into())),
        Reply::Empty | Reply::Each(_) => Ok(Response::new(Body::default())),
    }
}

impl IntoReply<Http> for () {
    const REPLIES: &'static str = "204";

    fn into_reply(self) -> Result<Reply, Error> {
        StatusCode::NO_CONTENT.into_reply()
    }
}

impl IntoReply<Http> for StatusCode {
    fn into_reply(self) -> Result<Reply, Error> {
        let mut response = Response::new(Body::default());
        *response.status_mut() = self;
        Ok(Reply::Http(response))
    }
}

macro_rules! text_and_bytes {
    ($($type:ty: $replies:literal $media_type:literal;)*) => {$(
        impl IntoReply<Http> for $type {
            const REPLIES: &'static str = $replies;

            fn into_reply(self) -> Result<Reply, Error> {
                typed($media_type, self)
            }
        }
    )*};
}

text_and_bytes! {
    &'static str: "200 text/plain" "text/plain; charset=utf-8";
    String: "200 text/plain" "text/plain; charset=utf-8";
    &'static [u8]: "200 application/octet-stream" "application/octet-stream";
    Vec<u8>: "200 application/octet-stream" "application/octet-stream";
    Bytes: "200 application/octet-stream" "application/octet-stream";
    Body: "200 application/octet-stream" "application/octet-stream";
}

impl IntoReply<Http> for Cow<'static, str> {
    const REPLIES: &'static str = "200 text/plain";

    fn into_reply(self) -> Result<Reply, Error> {
        match self {
            Cow::Borrowed(text) => IntoReply::<Http>::into_reply(text),
            Cow::Owned(text) => IntoReply::<Http>::into_reply(text),
        }
    }
}

impl<T: Serialize> IntoReply<Http> for Json<T> {
    const REPLIES: &'static str = "200 application/json";

    fn into_reply(self) -> Result<Reply, Error> {
        typed("application/json", serde_json::to_vec(&self.0)?)
    }
}

impl<B: Into<Body>> IntoReply<Http> for Response<B> {
    fn into_reply(self) -> Result<Reply, Error> {
        Ok(Reply::Http(self.map(Into::into)))
    }
}

/// `None` is 404.
impl<T: IntoReply<Http>> IntoReply<Http> for Option<T> {
    const REPLIES: &'static str = T::REPLIES;

    fn into_reply(self) -> Result<Reply, Error> {
        match self {
            Some(reply) => reply.into_reply(),
            None => Ok(Reply::Http(problem(StatusCode::NOT_FOUND, ""))),
        }
    }
}

impl<T: IntoReply<Http>> IntoReply<Http> for (StatusCode, T) {
    fn into_reply(self) -> Result<Reply, Error> {
        let mut response = response(self.1)?;
        *response.status_mut() = self.0;
        Ok(Reply::Http(response))
    }
}

/// The map's headers take the place of the reply's own of the same name.
impl<T: IntoReply<Http>> IntoReply<Http> for (HeaderMap, T) {
    const REPLIES: &'static str = T::REPLIES;

    fn into_reply(self) -> Result<Reply, Error> {
        let mut response = response(self.1)?;
        response.headers_mut().extend(self.0);
        Ok(Reply::Http(response))
    }
}

/// The first value of a name takes the place of the reply's own; a name that is named again has several values.
impl<N, V, T, const LEN: usize> IntoReply<Http> for ([(N, V); LEN], T)
where
    N: TryInto<HeaderName>,
    N::Error: std::error::Error + Send + Sync + 'static,
    V: TryInto<HeaderValue>,
    V::Error: std::error::Error + Send + Sync + 'static,
    T: IntoReply<Http>,
{
    const REPLIES: &'static str = T::REPLIES;

    fn into_reply(self) -> Result<Reply, Error> {
        let mut headers = HeaderMap::with_capacity(LEN);
        for (name, value) in self.0 {
            headers.append(name.try_into()?, value.try_into()?);
        }
        (headers, self.1).into_reply()
    }
}

impl<H, T> IntoReply<Http> for (StatusCode, H, T)
where
    (H, T): IntoReply<Http>,
{
    fn into_reply(self) -> Result<Reply, Error> {
        (self.0, (self.1, self.2)).into_reply()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(reply: impl IntoReply<Http>) -> (u16, Vec<(String, String)>) {
        let response = response(reply).unwrap();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        (response.status().as_u16(), headers.collect())
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_kind_of_value_has_its_status_and_type() {
        assert_eq!(head(()), (204, pairs(&[])));
        assert_eq!(head("x"), (200, pairs(&[("content-type", "text/plain; charset=utf-8")])));
        assert_eq!(head(vec![0_u8]), (200, pairs(&[("content-type", "application/octet-stream")])));
        assert_eq!(head(Json(1)), (200, pairs(&[("content-type", "application/json")])));
        assert_eq!(head(None::<&str>), (404, pairs(&[("content-type", "application/problem+json")])));
        assert_eq!(head((StatusCode::CREATED, "x")).0, 201);
        assert_eq!(head(Response::builder().status(299).body("x").unwrap()), (299, pairs(&[])));
    }

    #[test]
    fn headers_replace_the_replys_own_and_may_repeat() {
        let reply = (StatusCode::OK, [("content-type", "text/csv"), ("set-cookie", "a=1"), ("set-cookie", "b=2")], "x");
        assert_eq!(head(reply), (200, pairs(&[("content-type", "text/csv"), ("set-cookie", "a=1"), ("set-cookie", "b=2")])));
    }

    #[test]
    fn a_header_that_is_none_is_an_error() {
        assert!(response(([("bad name", "x")], "x")).is_err());
        assert!(response(([("x", "a\nb")], "x")).is_err());
    }
}
