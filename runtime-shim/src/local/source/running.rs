use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use futures_util::stream::{FuturesUnordered, Stream};
use tokio::time::{Instant, sleep_until};

/// Deliveries that run at once.
pub(in crate::local) struct Running<'a, T>(FuturesUnordered<OnItsWay<'a, T>>);

/// A delivery that comes to a `T`.
pub(in crate::local) type OnItsWay<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<T> Default for Running<'_, T> {
    fn default() -> Self {
        Self(FuturesUnordered::new())
    }
}

impl<'a, T> Running<'a, T> {
    pub(in crate::local) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes one in; it begins with the next call of `next`.
    pub(in crate::local) fn push(&mut self, delivered: OnItsWay<'a, T>) {
        self.0.push(delivered);
    }

    /// The next that is done; `None` if it is `until` before.
    pub(in crate::local) async fn next(&mut self, until: Option<Instant>) -> Option<T> {
        let mut sleep = pin!(async {
            match until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        });
        poll_fn(|cx| match Pin::new(&mut self.0).poll_next(cx) {
            Poll::Ready(Some(output)) => Poll::Ready(Some(output)),
            // Without any, and while none is done, the time decides.
            Poll::Ready(None) | Poll::Pending => sleep.as_mut().poll(cx).map(|()| None),
        })
        .await
    }
}
