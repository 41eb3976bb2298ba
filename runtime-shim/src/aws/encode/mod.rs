//! Outcomes to the native reply: pure.

mod body;
mod events;
mod failures;
mod headers;
mod kafka;

use ::http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, SEC_WEBSOCKET_PROTOCOL, SET_COOKIE},
    response::Parts,
};
use bytes::Bytes;
use serde::{Serialize, Serializer};

use self::{
    body::Text,
    headers::{Cookies, Joined, Lists, SetCookie, Value},
};
pub use self::{events::events, kafka::kafka};
use super::Shape;
use crate::DecodeError;

/// The reply to an HTTP request in the form of its front end.
///
/// A body that is UTF-8 and has no `content-encoding` is sent as text, and any other as base64, so every byte arrives.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::aws::{Shape, encode};
///
/// let (parts, ()) = http::Response::builder().header("vary", "A").header("vary", "B").body(()).unwrap().into_parts();
/// assert_eq!(
///     encode::http(Shape::HttpApi2, &parts, &Bytes::from_static(b"hi")),
///     r#"{"statusCode":200,"headers":{"vary":"A, B"},"cookies":[],"body":"hi","isBase64Encoded":false}"#
/// );
/// ```
pub fn http(shape: Shape, parts: &Parts, body: &Bytes) -> Bytes {
    let body = Text::of(&parts.headers, body);
    // Room for the body with some escapes, a status line and some headers.
    let mut reply = Vec::with_capacity(256 + parts.headers.len() * 48 + body.len());
    let written = match shape {
        Shape::WebSocket => web_socket(parts, &body, &mut reply),
        _ => front_end(shape, parts, &body, &mut reply),
    };
    // Texts and numbers always serialize; were it otherwise, the gateway would answer an empty reply with 502.
    if written.is_err() {
        reply.clear();
    }
    reply.into()
}

/// The first part of a streamed reply: status and headers as JSON, and eight NUL bytes.
pub fn prelude(parts: &Parts) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Prelude<'a> {
        status_code: u16,
        headers: Joined<'a>,
        cookies: Cookies<'a>,
    }
    let headers = &parts.headers;
    let prelude = Prelude {
        status_code: parts.status.as_u16(),
        headers: Joined { headers, set_cookie: SetCookie::Apart },
        cookies: Cookies(headers),
    };
    let mut bytes = serde_json::to_vec(&prelude).unwrap_or_default();
    bytes.extend_from_slice(&[0; 8]);
    bytes.into()
}

/// The reply to an HTTP request that was not accepted: 400, in the form of its front end.
pub fn refused(shape: Shape, error: &DecodeError) -> Bytes {
    let (parts, body) = refusal(error);
    http(shape, &parts, &body)
}

/// The response behind [`refused`].
pub(super) fn refusal(error: &DecodeError) -> (Parts, Bytes) {
    #[derive(Serialize)]
    struct Body {
        error: String,
    }
    let body = serde_json::to_vec(&Body { error: error.to_string() }).unwrap_or_default();
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = StatusCode::BAD_REQUEST;
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (parts, body.into())
}

/// What `/error` is told of a failed invocation. `name` is stable: Step Functions' `Catch` matches on it.
///
/// ```
/// assert_eq!(
///     polyfn_shim::aws::encode::error("Function.OrderMissing", "no order 7"),
///     r#"{"errorType":"Function.OrderMissing","errorMessage":"no order 7"}"#
/// );
/// ```
pub fn error(name: &str, message: &str) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Failed<'a> {
        error_type: &'a str,
        error_message: &'a str,
    }
    serde_json::to_vec(&Failed { error_type: name, error_message: message }).unwrap_or_default().into()
}

/// Whether this front end takes one `set-cookie` only, and the response has more: all but the last are lost.
pub fn loses_cookies(shape: Shape, parts: &Parts) -> bool {
    let one = matches!(shape, Shape::AlbSingle | Shape::Lattice1 | Shape::Lattice2);
    one && parts.headers.get_all(SET_COOKIE).iter().nth(1).is_some()
}

fn front_end(shape: Shape, parts: &Parts, body: &Text<'_>, to: &mut Vec<u8>) -> serde_json::Result<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Reply<'a> {
        status_code: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        status_description: Option<Description>,
        #[serde(skip_serializing_if = "Option::is_none")]
        headers: Option<Joined<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        multi_value_headers: Option<Lists<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cookies: Option<Cookies<'a>>,
        body: &'a Text<'a>,
        is_base64_encoded: bool,
    }
    let headers = &parts.headers;
    let lists = matches!(shape, Shape::Rest | Shape::HttpApi1 | Shape::AlbMulti);
    let is_alb = matches!(shape, Shape::AlbSingle | Shape::AlbMulti);
    let has_cookies = matches!(shape, Shape::HttpApi2 | Shape::FunctionUrl | Shape::Direct);
    let set_cookie = if has_cookies { SetCookie::Apart } else { SetCookie::Last };
    let reply = Reply {
        status_code: parts.status.as_u16(),
        status_description: is_alb.then_some(Description(parts.status)),
        headers: (!lists).then_some(Joined { headers, set_cookie }),
        multi_value_headers: lists.then_some(Lists(headers)),
        cookies: has_cookies.then_some(Cookies(headers)),
        body,
        is_base64_encoded: body.is_base64(),
    };
    serde_json::to_writer(to, &reply)
}

/// A connection's reply is its status, and a body that the caller gets if the route has a route response.
fn web_socket(parts: &Parts, body: &Text<'_>, to: &mut Vec<u8>) -> serde_json::Result<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Reply<'a> {
        status_code: u16,
        #[serde(skip_serializing_if = "Option::is_none")]
        headers: Option<Protocol<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<&'a Text<'a>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_base64_encoded: bool,
    }
    // `$connect` chooses the subprotocol with this header; the gateway has no use for another.
    #[derive(Serialize)]
    struct Protocol<'a> {
        #[serde(rename = "Sec-WebSocket-Protocol")]
        protocol: Value<'a>,
    }
    let reply = Reply {
        status_code: parts.status.as_u16(),
        headers: parts.headers.get(SEC_WEBSOCKET_PROTOCOL).map(|value| Protocol { protocol: Value(value) }),
        body: Some(body).filter(|body| body.len() > 0),
        is_base64_encoded: body.is_base64(),
    };
    serde_json::to_writer(to, &reply)
}

/// `200 OK`, or the number alone if it has no known phrase.
struct Description(StatusCode);

impl Serialize for Description {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.canonical_reason() {
            Some(reason) => serializer.collect_str(&format_args!("{} {reason}", self.0.as_u16())),
            None => serializer.serialize_str(self.0.as_str()),
        }
    }
}
