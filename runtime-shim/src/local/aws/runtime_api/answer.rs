use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header::CONTENT_TYPE, request::Parts};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::json;

use super::{rejected::Rejected, state::State};
use crate::local::aws::invoked;

const MODE: &str = "lambda-runtime-function-response-mode";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";
const ERROR_BODY: &str = "lambda-runtime-function-error-body";
const ECHO: &str = "lambda-runtime-invocation-id";

/// `POST /invocation/{id}/response`
///
/// Source: [Lambda Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
pub(super) async fn response(state: &Arc<State>, id: &str, parts: &Parts, body: Incoming) -> Taken {
    let answering = state.begin(id, parts.headers.get(ECHO), "InvocationResponse")?;
    let (most, is_streamed) = match parts.headers.get(MODE).map(HeaderValue::as_bytes) {
        None => (invoked::MOST, false),
        Some(mode) if mode.eq_ignore_ascii_case(b"streaming") => (invoked::MOST_STREAMED, true),
        Some(_) => {
            answering.cancel();
            return Err(Rejected::response_mode());
        }
    };
    match read(body, most).await {
        Read::Whole(payload, trailers) => {
            let content_type = parts.headers.get(CONTENT_TYPE).filter(|_| is_streamed);
            let reply = match trailers.filter(|trailers| is_streamed && trailers.contains_key(ERROR_TYPE)) {
                Some(trailers) => invoked::failed(id, error(&trailers)),
                None => invoked::done(id, content_type, payload),
            };
            answering.finish(reply);
            Ok(accepted())
        }
        Read::TooLarge => {
            answering.finish(invoked::too_large(id, most));
            Err(Rejected::too_large(most))
        }
        Read::Broken => Err(Rejected::truncated()),
    }
}

/// `POST /invocation/{id}/error`
pub(super) async fn failure(state: &Arc<State>, id: &str, parts: &Parts, body: Incoming) -> Taken {
    let answering = state.begin(id, parts.headers.get(ECHO), "InvocationErrorResponse")?;
    match read(body, invoked::MOST).await {
        Read::Whole(payload, _) => {
            answering.finish(invoked::failed(id, or_named(payload, &parts.headers)));
            Ok(accepted())
        }
        Read::TooLarge => {
            answering.finish(invoked::too_large(id, invoked::MOST));
            Err(Rejected::too_large(invoked::MOST))
        }
        Read::Broken => Err(Rejected::truncated()),
    }
}

/// `POST /init/error`, and `/restore/error`
pub(super) async fn init_failure(state: &Arc<State>, parts: &Parts, body: Incoming) -> Taken {
    match read(body, invoked::MOST).await {
        Read::Whole(payload, _) => state.init_failed(or_named(payload, &parts.headers)).map(|()| accepted()),
        Read::TooLarge => Err(Rejected::too_large(invoked::MOST)),
        Read::Broken => Err(Rejected::truncated()),
    }
}

/// What is said to the runtime.
pub(super) type Taken = Result<Response<Full<Bytes>>, Rejected>;

pub(super) fn accepted() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("{\"status\":\"OK\"}\n"));
    *response.status_mut() = StatusCode::ACCEPTED;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A body that came.
pub(super) enum Read {
    Whole(Bytes, Option<HeaderMap>),
    TooLarge,
    Broken,
}

/// Reads all of a body and keeps at most so much of it: a sender hears the answer only when it has sent all.
pub(super) async fn read(mut body: Incoming, most: usize) -> Read {
    let (mut bytes, mut trailers, mut length) = (Vec::new(), None, 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Read::Broken };
        match frame.into_data() {
            Ok(data) => {
                length = length.saturating_add(data.len());
                if length <= most {
                    bytes.extend_from_slice(&data);
                }
            }
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    if length > most { Read::TooLarge } else { Read::Whole(bytes.into(), trailers) }
}

/// The error of a stream's trailers.
fn error(trailers: &HeaderMap) -> Bytes {
    let body = trailers.get(ERROR_BODY).and_then(|body| STANDARD.decode(body.as_bytes()).ok()).unwrap_or_default();
    or_named(body.into(), trailers)
}

/// The body of an error, or one with its type alone if there is none.
fn or_named(body: Bytes, headers: &HeaderMap) -> Bytes {
    if !body.is_empty() {
        return body;
    }
    let name = headers.get(ERROR_TYPE).and_then(|name| name.to_str().ok()).unwrap_or_default();
    Bytes::from(json!({"errorType": known(name)}).to_string())
}

/// The name if it is one of the form that Lambda keeps.
fn known(name: &str) -> &str {
    let (prefix, rest) = name.split_once('.').unwrap_or(("", name));
    let is_kept = rest.len() > 1 && rest.starts_with(|first: char| first.is_ascii_uppercase()) && is_word(rest);
    match prefix {
        "Runtime" | "Function" if is_kept => name,
        "Function" => "Function.Unknown",
        _ => "Runtime.Unknown",
    }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn an_error_type_of_another_form_becomes_unknown() {
        for (name, want) in [
            ("Function.BadInput", "Function.BadInput"),
            ("Runtime.ExitError", "Runtime.ExitError"),
            ("Function.badInput", "Function.Unknown"),
            ("Function.Bad Input", "Function.Unknown"),
            ("Function.", "Function.Unknown"),
            ("BadInput", "Runtime.Unknown"),
            ("unhandled", "Runtime.Unknown"),
            ("", "Runtime.Unknown"),
        ] {
            assert_eq!(known(name), want, "{name}");
        }
    }
}
