use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::sync::OwnedSemaphorePermit;

/// An invocation that goes on when its caller goes away: an event that has begun is finished.
pub(super) struct Finish<F: Future + Send + 'static>
where
    F::Output: Send,
{
    pending: Option<Pin<Box<F>>>,
    /// Held until the end, so that draining waits for it.
    permit: Option<OwnedSemaphorePermit>,
}

impl<F: Future + Send + 'static> Finish<F>
where
    F::Output: Send,
{
    pub(super) fn new(future: F, permit: OwnedSemaphorePermit) -> Self {
        Self { pending: Some(Box::pin(future)), permit: Some(permit) }
    }
}

impl<F: Future + Send + 'static> Future for Finish<F>
where
    F::Output: Send,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Some(pending) = &mut self.pending else { return Poll::Pending };
        let output = std::task::ready!(pending.as_mut().poll(cx));
        self.pending = None;
        self.permit = None;
        Poll::Ready(output)
    }
}

impl<F: Future + Send + 'static> Drop for Finish<F>
where
    F::Output: Send,
{
    fn drop(&mut self) {
        let (pending, permit) = (self.pending.take(), self.permit.take());
        if let (Some(pending), Ok(runtime)) = (pending, tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                pending.await;
                drop(permit);
            });
        }
    }
}
