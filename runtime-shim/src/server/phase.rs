use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use tokio::sync::watch;

/// How far a server is with its own end. Whoever holds a receiver is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// New requests are taken.
    Serving,
    /// What has begun is finished.
    Stopping,
    /// The grace is over.
    Ended,
}

/// Waits for `work`, or for this phase: then `work` is dropped.
pub(super) async fn until<T>(phase: &mut watch::Receiver<Phase>, wanted: Phase, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut reached = pin!(phase.wait_for(|phase| *phase >= wanted));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        // A sender that is gone means that nobody waits any more.
        Poll::Pending => reached.as_mut().poll(cx).map(|_| None),
    })
    .await
}
