use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

use super::{failed, read, text::indented};
use crate::{
    DecodeError,
    azure::{Declaration, Mode},
    base64,
    members::Members,
};

/// What the caller of an HTTP function gets of the handler's reply.
///
/// In the raw modes that is the reply itself. In JSON mode it is made of the HTTP output: `statusCode` (`status` is ignored),
/// `headers` and `body`, which is written with indents if it is an object, and is text unless a header says otherwise. A
/// reply without that output is a 200 with the body `{}`; one without outputs at all an empty 200. A `ReturnValue` in
/// base64 becomes its bytes, if the output is called `$return`. A status of a failure is an empty 500.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{azure::{Declaration, Mode}, function::{Binding, Description}, local::azure::response};
///
/// let hello = Binding::Http { methods: &["GET"], path: Some("/hello") };
/// let hello = Declaration::of(&Description::new("hello", hello), false).unwrap();
/// let reply = http::Response::builder().header("content-type", "application/json");
/// let reply = reply.body(Bytes::from(r#"{"Outputs":{"res":{"statusCode":"201","body":"hi"}}}"#)).unwrap();
/// let response = response(Mode::Json, &hello, &reply).unwrap();
/// assert_eq!((response.status().as_u16(), &response.body()[..]), (201, &b"hi"[..]));
/// ```
///
/// Source: [custom handlers](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload).
///
/// # Errors
/// A reply in JSON mode that the host cannot read, although its status is a success: the caller of a real host gets an empty
/// 500, or waits until the function's timeout. The text says which, and what to answer.
pub fn response(mode: Mode, function: &Declaration, reply: &Response<Bytes>) -> Result<Response<Bytes>, DecodeError> {
    if mode != Mode::Json {
        return Ok(reply.clone());
    } else if reply.status().is_client_error() || reply.status().is_server_error() {
        return Ok(failed());
    }
    let answer = read(reply)?;
    let name = function.bindings().http_output();
    if name == "$return" {
        return match answer.return_value {
            Some(value) => returned(value),
            None => Ok(Response::default()),
        };
    }
    match answer.outputs {
        None => Ok(Response::default()),
        Some(outputs) => match outputs.get(name) {
            Some(value) => output(value).map_err(|error| error.under(name).under("Outputs")),
            None => Ok(plain("{}")),
        },
    }
}

/// A value that is the response's object, or else the body of a 200.
fn returned(value: &str) -> Result<Response<Bytes>, DecodeError> {
    if let Ok(text) = serde_json::from_str::<String>(value) {
        return Ok(match base64::decode(&text) {
            Ok(bytes) if !text.is_empty() => Response::new(Bytes::from(bytes)),
            _ => plain(text),
        });
    }
    let has_body = Members::read(value).is_some_and(|members| member(&members, "body").is_some());
    if has_body { output(value).map_err(|error| error.under("ReturnValue")) } else { Ok(plain(written(value))) }
}

/// The response that an output describes.
fn output(value: &str) -> Result<Response<Bytes>, DecodeError> {
    // A text must hold the object.
    let text: Cow<'_, str> = match serde_json::from_str::<String>(value) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(value),
    };
    let here = |reason: &str| DecodeError::at("", reason.to_owned());
    if text.trim() == "null" {
        return Err(here("null: the host fails the invocation; answer an object with a `body`"));
    }
    let Some(members) = Members::read(&text) else {
        serde_json::from_str::<serde::de::IgnoredAny>(&text)
            .map_err(|_| here("a text that is no JSON: the host fails the invocation; put it into a `body`"))?;
        return Ok(plain(written(&text)));
    };
    let Some(body) = member(&members, "body") else { return Ok(plain(written(&text))) };
    let mut response = plain(if body == "null" { String::new() } else { written(body) });
    if let Some(status) = member(&members, "statusCode") {
        *response.status_mut() = serde_json::from_str::<String>(status)
            .unwrap_or_else(|_| status.to_owned())
            .parse()
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .ok_or_else(|| DecodeError::at("statusCode", "no status such as 200"))?;
    }
    let headers = match member(&members, "headers").filter(|headers| *headers != "null") {
        Some(headers) => Members::read(headers).ok_or_else(|| DecodeError::at("headers", "no object"))?,
        None => Members::default(),
    };
    for (name, value) in headers.iter() {
        let place = || format!("headers.{name}");
        let text: String = serde_json::from_str(value)
            .map_err(|_| DecodeError::at(place(), "no text, of which the host makes a broken one; write a text"))?;
        let value = HeaderValue::from_str(&text).map_err(|_| DecodeError::at(place(), "not a header value"))?;
        let name: HeaderName = name.parse().map_err(|_| DecodeError::at(place(), "not a header name"))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// The member of this name in any letter case.
fn member<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
    members.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A value as the text of a body.
fn written(value: &str) -> String {
    match serde_json::from_str::<String>(value) {
        Ok(text) => text,
        Err(_) => indented(value),
    }
}

fn plain(text: impl Into<String>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text.into()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
