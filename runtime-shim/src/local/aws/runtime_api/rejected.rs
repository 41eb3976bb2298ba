use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use serde_json::json;

/// What the Runtime API says to a request that it does not take.
#[derive(Debug)]
pub(super) struct Rejected {
    status: StatusCode,
    name: &'static str,
    message: String,
}

impl Rejected {
    fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    /// No invocation of this id was handed out.
    pub(super) fn unknown_id() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID")
    }

    /// The invocation is over, or the answer is to an earlier one of the same id.
    pub(super) fn stale() -> Self {
        Self::new(StatusCode::GONE, "Runtime.InvokeTimeout", "The invocation is over")
    }

    /// This is not the time for that.
    pub(super) fn out_of_turn(from: &str, to: &str) -> Self {
        let message = format!("State transition from {from} to {to} failed for runtime. Error: State transition is not allowed");
        Self::new(StatusCode::FORBIDDEN, "InvalidStateTransition", message)
    }

    pub(super) fn response_mode() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidFunctionResponseMode", "Invalid function response mode")
    }

    pub(super) fn too_large(most: usize) -> Self {
        let message = format!("Exceeded maximum allowed payload size ({most} bytes).");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    pub(super) fn truncated() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Runtime.TruncatedResponse", "The body broke off")
    }

    /// Something about an extension.
    pub(super) fn extension(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, name, message)
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let body = json!({"errorMessage": self.message, "errorType": self.name}).to_string();
        let mut response = Response::new(Full::from(body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
