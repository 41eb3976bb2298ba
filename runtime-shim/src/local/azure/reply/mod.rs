//! What the host makes of a reply in JSON mode.

mod http;
mod output;
mod text;

use ::http::{Response, StatusCode, header::CONTENT_TYPE};
use bytes::Bytes;
use serde::Deserialize;

pub use self::{
    http::response,
    output::{Output, outputs},
};
use crate::{DecodeError, Event, local::Settled, members::Members};

/// What the host makes of the reply to a delivery of so many events, of a trigger other than HTTP: all are done or all have
/// failed, as there is no partial result.
///
/// A hub, a Kafka topic and a change feed move on behind what has failed, unless the function has a retry policy.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::local::{Settled::{Acknowledged, Again}, azure::settled};
///
/// let reply = |body: &'static str| {
///     http::Response::builder().header("content-type", "application/json").body(Bytes::from(body)).unwrap()
/// };
/// assert_eq!(settled(2, &reply(r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#)), [Acknowledged, Acknowledged]);
/// assert_eq!(settled(1, &reply("")), [Again]);
/// ```
///
/// Source: [custom handler response payload](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload).
pub fn settled(events: usize, reply: &Response<Bytes>) -> Vec<Settled> {
    vec![if read(reply).is_ok() { Settled::Acknowledged } else { Settled::Again }; events]
}

/// Checks that the host takes a reply in JSON mode for a success, and reads the lines that it logs for the invocation.
///
/// # Errors
/// Why the invocation has failed, in words for whoever wrote the handler.
pub fn logs(reply: &Response<Bytes>) -> Result<Vec<String>, DecodeError> {
    read(reply).map(|answer| answer.logs)
}

/// What a handler answers.
#[derive(Debug, Default)]
struct Answer<'a> {
    /// `None` if there are none, or null.
    outputs: Option<Members<'a>>,
    logs: Vec<String>,
    /// As JSON text; `None` if there is none, or null.
    return_value: Option<&'a str>,
}

/// Reads a reply as the host does; member names in any letter case.
fn read(reply: &Response<Bytes>) -> Result<Answer<'_>, DecodeError> {
    let status = reply.status();
    if status.is_redirection() {
        return Err(DecodeError::at("status", format!("the host follows a {status} like a browser; answer with 200")));
    } else if !status.is_success() {
        return Err(DecodeError::at("status", format!("{status}, so the invocation has failed")));
    }
    let body = reply.body().trim_ascii();
    if body.is_empty() || body == b"null" {
        return Err(DecodeError::at("body", hang()));
    }
    let media_type = reply.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !Event::is_json_type(media_type) {
        return Err(DecodeError::at("headers.content-type", "the host reads JSON only; answer with `application/json`"));
    }
    let invalid = |reason: &str| DecodeError::at("body", format!("{reason}; answer as in `{DONE}`"));
    let json = std::str::from_utf8(body).map_err(|_| invalid("no UTF-8"))?;
    if !json.starts_with('{') {
        serde_json::from_str::<serde::de::IgnoredAny>(json).map_err(|_| invalid("no JSON"))?;
        return Ok(Answer::default());
    }
    let members = Members::read(json).ok_or_else(|| invalid("no JSON"))?;
    let mut answer = Answer::default();
    for (name, value) in members.iter().filter(|(_, value)| *value != "null") {
        match name.to_ascii_lowercase().as_str() {
            "outputs" => answer.outputs = Some(Members::read(value).ok_or_else(|| DecodeError::at("Outputs", "no object"))?),
            "logs" => answer.logs = log_lines(value).ok_or_else(|| DecodeError::at("Logs", "no array of texts"))?,
            "returnvalue" => answer.return_value = Some(value),
            _ => {}
        }
    }
    Ok(answer)
}

/// What becomes of an empty answer.
pub(super) fn hang() -> String {
    format!("empty: the host would wait until the function's timeout and then kill the program; answer `{DONE}`")
}

/// The reply of an invocation that is done, without outputs.
const DONE: &str = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;

/// The lines of `Logs`; a number or a boolean becomes its text, and an object is refused.
fn log_lines(json: &str) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Lines<'a>(#[serde(borrow)] Vec<&'a serde_json::value::RawValue>);
    let lines = serde_json::from_str::<Lines<'_>>(json).ok()?.0;
    lines
        .iter()
        .map(|line| match line.get() {
            text if text.starts_with('"') => serde_json::from_str(text).ok(),
            text if text.starts_with(['{', '[']) => None,
            text => Some(text.to_owned()),
        })
        .collect()
}

/// What a caller gets of an invocation that has failed.
fn failed() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
