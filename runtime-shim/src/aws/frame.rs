use http::{HeaderMap, HeaderValue};

use crate::{Invocation, Provider, event::Time};

/// What the headers of an invocation said, beside its delivery.
///
/// Lambda leaves out a header that it has nothing for, and a header that cannot be read counts as left out: an
/// invocation never fails because of its frame.
///
/// ```
/// use polyfn_shim::aws::Frame;
///
/// let frame = Frame::new("8476a536").with_function_arn("arn:aws:lambda:us-east-1:123456789012:function:hello");
/// assert_eq!(frame.request_id(), "8476a536");
/// assert_eq!(frame.deadline(), None);
/// ```
///
/// Source: [Lambda Runtime API, next invocation](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    request_id: String,
    function_arn: String,
    trace: Option<String>,
    deadline: Option<Time>,
    invocation_id: Option<HeaderValue>,
}

impl Frame {
    /// A frame that says the request id only.
    pub fn new(request_id: impl Into<String>) -> Self {
        Self { request_id: request_id.into(), ..Self::default() }
    }

    /// What these headers say.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        Self {
            request_id: text("lambda-runtime-aws-request-id").unwrap_or_default().to_owned(),
            function_arn: text("lambda-runtime-invoked-function-arn").unwrap_or_default().to_owned(),
            trace: text("lambda-runtime-trace-id").filter(|trace| !trace.is_empty()).map(str::to_owned),
            deadline: text("lambda-runtime-deadline-ms").and_then(|ms| ms.parse().ok()).and_then(Time::from_millis),
            invocation_id: headers.get("lambda-runtime-invocation-id").filter(|id| id.to_str().is_ok()).cloned(),
        }
    }

    /// Sets the ARN of the function that was invoked.
    #[must_use]
    pub fn with_function_arn(mut self, arn: impl Into<String>) -> Self {
        self.function_arn = arn.into();
        self
    }

    /// The request id; empty if it is not known.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The ARN of the function that was invoked; empty if it is not known.
    pub fn function_arn(&self) -> &str {
        &self.function_arn
    }

    /// When Lambda gives up on the invocation, if it says so.
    pub fn deadline(&self) -> Option<Time> {
        self.deadline
    }

    /// The X-Ray trace header, if there is one.
    pub fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    /// What `Lambda-Runtime-Invocation-Id` said, to be echoed in the reply.
    pub(super) fn invocation_id(&self) -> Option<&HeaderValue> {
        self.invocation_id.as_ref()
    }

    /// The facts of this invocation. `traceparent` is the W3C header of the request, if it is one and has one.
    pub(super) fn invocation(&self, traceparent: Option<&str>) -> Invocation {
        // The trace is handed on here and never through `_X_AMZN_TRACE_ID`: changing the environment of a process that
        // has threads is undefined behaviour, so edition 2024 makes it unsafe.
        Invocation::new(Provider::Aws, self.request_id.as_str())
            .with_deadline(self.deadline)
            .with_trace(traceparent.or(self.trace()))
    }
}
