use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Response;
use tokio::runtime::Handle;

use super::ProcessError;
use crate::Body;

/// The answer of functions in this process, with its whole body. A source that no longer waits for it does not cut short what has
/// begun: it goes on by itself, as it would in a process of its own.
pub(super) struct Finishing(Option<Answering>);

type Answering = Pin<Box<dyn Future<Output = Result<Response<Bytes>, ProcessError>> + Send>>;

impl Finishing {
    pub(super) fn new(answer: impl Future<Output = Response<Body>> + Send + 'static) -> Self {
        Self(Some(Box::pin(async move {
            let (parts, body) = answer.await.into_parts();
            let broken = |error| ProcessError::Broken(format!("the response broke off: {error}"));
            Ok(Response::from_parts(parts, body.collect().await.map_err(broken)?))
        })))
    }
}

impl Future for Finishing {
    type Output = Result<Response<Bytes>, ProcessError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // It is there until it is done, and nobody asks again after that.
        let Some(answering) = &mut self.0 else { return Poll::Pending };
        let polled = answering.as_mut().poll(cx);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        if let (Some(answering), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(answering);
        }
    }
}
