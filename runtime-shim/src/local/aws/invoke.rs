use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::de::IgnoredAny;

use super::{Configuration, REQUEST_ID, invoked};
use crate::{event::Time, server::new_id};

/// The most bytes of a payload, waited for or not.
///
/// Source: [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const MOST: usize = 6_291_456;
const MOST_ASYNCHRONOUS: usize = 1_048_576;

/// One invocation: what the Runtime API says of it, and its payload.
#[derive(Clone, Debug)]
pub(super) struct Invoke {
    pub(super) id: String,
    pub(super) payload: Bytes,
    pub(super) arn: String,
    pub(super) trace: String,
    headers: HeaderMap,
}

impl Invoke {
    /// Reads the request of an `Invoke`; what Lambda refuses is answered here.
    ///
    /// A delivery may name its request id in `x-amzn-requestid`, which the callers of the real one can't.
    pub(super) fn read(delivery: Request<Bytes>, configuration: &Configuration) -> Result<Self, Box<Response<Bytes>>> {
        let (parts, payload) = delivery.into_parts();
        let given = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty());
        let id = given(REQUEST_ID).map_or_else(request_id, str::to_owned);
        let is_event = given("x-amz-invocation-type").is_some_and(|kind| kind.eq_ignore_ascii_case("Event"));
        let most = if is_event { MOST_ASYNCHRONOUS } else { MOST };
        if payload.len() > most {
            let message = format!("Request must be smaller than {most} bytes for the InvokeFunction operation");
            return Err(Box::new(invoked::refused(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", &message)));
        }
        // No payload is an empty object.
        let payload = if payload.is_empty() { Bytes::from_static(b"{}") } else { payload };
        if let Err(error) = serde_json::from_slice::<IgnoredAny>(&payload) {
            let message = format!("Could not parse request body into json: {error}");
            return Err(Box::new(invoked::refused(StatusCode::BAD_REQUEST, "InvalidRequestContentException", &message)));
        }
        let mut headers = HeaderMap::new();
        let mut tell = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        let (arn, trace) = (configuration.arn(), given("x-amzn-trace-id").map_or_else(trace, str::to_owned));
        tell("lambda-runtime-aws-request-id", &id);
        tell("lambda-runtime-invoked-function-arn", &arn);
        tell("lambda-runtime-trace-id", &trace);
        tell("lambda-runtime-invocation-id", &new_id());
        if let Some(context) = given("x-amz-client-context").and_then(|context| STANDARD.decode(context).ok()) {
            tell("lambda-runtime-client-context", &String::from_utf8_lossy(&context));
        }
        for (from, to) in
            [("x-amz-cognito-identity", "lambda-runtime-cognito-identity"), ("x-amz-tenant-id", "lambda-runtime-aws-tenant-id")]
        {
            if let Some(value) = given(from) {
                tell(to, value);
            }
        }
        Ok(Self { id, payload, arn, trace, headers })
    }

    /// The headers that it is handed out with.
    pub(super) fn headers(&self, deadline: Option<Time>) -> HeaderMap {
        let mut headers = self.headers.clone();
        if let Some(deadline) = deadline {
            headers.insert("lambda-runtime-deadline-ms", HeaderValue::from(deadline.as_millis()));
        }
        headers
    }

    /// What an answer must echo if it echoes anything.
    pub(super) fn invocation_id(&self) -> Option<&HeaderValue> {
        self.headers.get("lambda-runtime-invocation-id")
    }
}

/// An id in the form of a UUID.
pub(super) fn request_id() -> String {
    let digits = format!("{}{}", new_id(), new_id());
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A trace of X-Ray that is not sampled.
fn trace() -> String {
    let seconds = Time::now().as_millis().div_euclid(1_000);
    let root = format!("{}{}", new_id(), new_id());
    format!("Root=1-{seconds:08x}-{};Parent={};Sampled=0", root.get(..24).unwrap_or_default(), new_id())
}
