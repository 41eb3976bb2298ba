//! What `Invoke` answers its caller.
//!
//! Source: [Invoke](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).

use std::{process::ExitStatus, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::{FUNCTION_ERROR, REQUEST_ID};
use crate::aws::encode;

/// The most bytes of a reply that comes whole: 6 MiB and a little.
pub(super) const MOST: usize = 6_291_556;
/// The most bytes of a reply that comes piece by piece.
pub(super) const MOST_STREAMED: usize = 209_715_200;

/// The content type of a streamed reply that starts with a prelude.
pub(super) const STREAMED: &str = "application/vnd.awslambda.http-integration-response";

/// The invocation went well.
pub(super) fn done(id: &str, content_type: Option<&HeaderValue>, payload: Bytes) -> Response<Bytes> {
    let mut response = Response::new(payload);
    let content_type = content_type.cloned().unwrap_or_else(|| HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response.headers_mut().insert("x-amz-executed-version", HeaderValue::from_static("$LATEST"));
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The invocation failed, and `payload` says how: the status is 200 all the same.
pub(super) fn failed(id: &str, payload: Bytes) -> Response<Bytes> {
    let mut response = done(id, None, payload);
    // Every error of a custom runtime is one that its function did not handle.
    response.headers_mut().insert(FUNCTION_ERROR, HeaderValue::from_static("Unhandled"));
    response
}

/// The reply was too large.
pub(super) fn too_large(id: &str, most: usize) -> Response<Bytes> {
    let message = format!("Response payload size exceeded maximum allowed payload size ({most} bytes).");
    failed(id, encode::error("Function.ResponseSizeTooLarge", &message))
}

/// The invocation took too long.
pub(super) fn timed_out(id: &str, timeout: Duration) -> Response<Bytes> {
    let message = format!("RequestId: {id} Error: Task timed out after {:.2} seconds", timeout.as_secs_f64());
    failed(id, encode::error("Sandbox.Timedout", &message))
}

/// The reply broke off.
pub(super) fn truncated(id: &str) -> Response<Bytes> {
    failed(id, encode::error("Runtime.TruncatedResponse", &format!("RequestId: {id} Error: the response broke off")))
}

/// The program ended before it answered.
pub(super) fn exited(id: &str, status: Option<ExitStatus>) -> Response<Bytes> {
    let how = match status {
        Some(status) if !status.success() => format!("Runtime exited with error: {}", words(status)),
        _ => "Runtime exited without providing a reason".to_owned(),
    };
    failed(id, encode::error("Runtime.ExitError", &format!("RequestId: {id} Error: {how}")))
}

fn words(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            6 => "aborted",
            9 => "killed",
            11 => "segmentation fault",
            15 => "terminated",
            _ => return format!("signal: {signal}"),
        };
        return format!("signal: {name}");
    }
    format!("exit status {}", status.code().unwrap_or_default())
}

/// Lambda did not take the request.
pub(super) fn refused(status: StatusCode, name: &'static str, message: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json!({"Type": "User", "message": message}).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(name));
    response
}
