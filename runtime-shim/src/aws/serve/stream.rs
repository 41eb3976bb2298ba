use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use http_body::Frame;

use super::encode;
use crate::{Body, BoxError, Failure, Outcome, base64};

/// The body of a streamed reply: the prelude, then the response's own pieces, then what went wrong, as trailers.
///
/// Source: [Custom runtimes, response streaming](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming).
pub(super) struct Streamed {
    prelude: Option<Bytes>,
    body: Body,
    ended: bool,
}

const ERROR_TYPE: HeaderName = HeaderName::from_static("lambda-runtime-function-error-type");
const ERROR_BODY: HeaderName = HeaderName::from_static("lambda-runtime-function-error-body");

impl Streamed {
    pub(super) fn new(prelude: Bytes, body: Body) -> Self {
        Self { prelude: Some(prelude), body, ended: false }
    }

    /// Says in a request's headers what its body is.
    pub(super) fn describe(headers: &mut HeaderMap) {
        let mode = HeaderName::from_static("lambda-runtime-function-response-mode");
        headers.insert(mode, HeaderValue::from_static("streaming"));
        headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        let trailers = "lambda-runtime-function-error-type, lambda-runtime-function-error-body";
        headers.insert(header::TRAILER, HeaderValue::from_static(trailers));
        let content_type = "application/vnd.awslambda.http-integration-response";
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }

    /// The first byte is out, so the status cannot tell of the failure any more.
    fn failed(&mut self, failure: &Failure) -> Frame<Bytes> {
        self.ended = true;
        tracing::error!("the response ended early: {failure}");
        let body = base64::encode(encode::error(failure.name(), failure.message()));
        let mut trailers = HeaderMap::with_capacity(2);
        for (name, value) in [(ERROR_TYPE, failure.name()), (ERROR_BODY, &body)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                trailers.insert(name, value);
            }
        }
        Frame::trailers(trailers)
    }
}

impl http_body::Body for Streamed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(prelude) = self.prelude.take() {
            return Poll::Ready(Some(Ok(Frame::data(prelude))));
        }
        while !self.ended {
            let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut self.body).poll_frame(cx)));
            match polled {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(None)) => self.ended = true,
                // The function's own trailers have no place in Lambda's protocol; an empty chunk would end the body.
                Ok(Poll::Ready(Some(Ok(frame)))) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(Ok(Frame::data(data)))),
                    _ => {}
                },
                Ok(Poll::Ready(Some(Err(error)))) => {
                    let failure = Failure::new("StreamError", error.to_string());
                    return Poll::Ready(Some(Ok(self.failed(&failure))));
                }
                Err(panic) => {
                    if let Outcome::Retry(failure) = Outcome::from_panic(&*panic) {
                        return Poll::Ready(Some(Ok(self.failed(&failure))));
                    }
                }
            }
        }
        Poll::Ready(None)
    }
}
