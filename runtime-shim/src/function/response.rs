use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde::Serialize;

use crate::{Body, Failure, Outcome, Reply};

/// An error response in problem+json (RFC 9457).
///
/// ```
/// use http::StatusCode;
///
/// let response = polyfn_shim::function::problem(StatusCode::NOT_FOUND, "no such order");
/// assert_eq!(response.headers()["content-type"], "application/problem+json");
/// assert_eq!(
///     response.body().bytes().unwrap(),
///     r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no such order"}"#
/// );
/// ```
pub fn problem(status: StatusCode, detail: impl AsRef<str>) -> Response<Body> {
    write(status, detail.as_ref(), "")
}

/// What an HTTP caller gets for an outcome.
///
/// A failure without a status of its own is a 500 whose text stays in the log.
pub fn response(outcome: Outcome) -> Response<Body> {
    match outcome {
        Outcome::Done(Reply::Http(response)) => response,
        Outcome::Done(Reply::Direct(json)) => {
            let mut response = Response::new(Body::from(json));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Outcome::Done(Reply::Empty | Reply::Each(_)) => status(StatusCode::NO_CONTENT),
        Outcome::Retry(failure) | Outcome::Drop(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> Response<Body> {
    match failure.status() {
        Some(status) => write(status, failure.message(), failure.name()),
        None => write(StatusCode::INTERNAL_SERVER_ERROR, "", failure.name()),
    }
}

/// An empty response of this status.
pub(crate) fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = status;
    response
}

fn write(status: StatusCode, detail: &str, error: &str) -> Response<Body> {
    #[derive(Serialize)]
    struct Problem<'a> {
        r#type: &'a str,
        title: &'a str,
        status: u16,
        #[serde(skip_serializing_if = "str::is_empty")]
        detail: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        error: &'a str,
    }
    let title = status.canonical_reason().unwrap_or("Error");
    let problem = Problem { r#type: "about:blank", title, status: status.as_u16(), detail, error };
    let mut response = Response::new(Body::from(serde_json::to_vec(&problem).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
