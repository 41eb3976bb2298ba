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

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn one_that_wakes_whenever_it_is_polled_leaves_the_thread_to_others() {
        let done = Arc::new(AtomicBool::new(false));
        let (other, mut polls) = (Arc::clone(&done), 0);
        // Runs only once the test lets go of the thread.
        tokio::spawn(async move { other.store(true, Ordering::Release) });
        let mut running = Running::default();
        running.push(Box::pin(async move {
            poll_fn(|cx| {
                polls += 1;
                assert!(polls < 100, "it never lets go of the thread");
                cx.waker().wake_by_ref();
                if done.load(Ordering::Acquire) { Poll::Ready(7) } else { Poll::Pending }
            })
            .await
        }));
        assert_eq!(running.next(None).await, Some(7));
        assert_eq!((running.len(), running.next(Some(Instant::now())).await), (0, None));
    }
}
