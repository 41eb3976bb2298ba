use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use tokio::time::{Instant, sleep_until};

/// Deliveries that run at once.
pub(in crate::local) struct Running<'a, T>(Vec<OnItsWay<'a, T>>);

/// A delivery that comes to a `T`.
pub(in crate::local) type OnItsWay<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<T> Default for Running<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T> Running<'a, T> {
    pub(in crate::local) fn len(&self) -> usize {
        self.0.len()
    }

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
        poll_fn(|cx| {
            let ready = self.0.iter_mut().enumerate().find_map(|(place, delivered)| match delivered.as_mut().poll(cx) {
                Poll::Ready(output) => Some((place, output)),
                Poll::Pending => None,
            });
            if let Some((place, output)) = ready {
                drop(self.0.remove(place));
                return Poll::Ready(Some(output));
            }
            sleep.as_mut().poll(cx).map(|()| None)
        })
        .await
    }
}

/// Waits for all of these, which run at once; the outputs are in their order.
#[cfg(any(feature = "aws", feature = "azure"))]
pub(in crate::local) async fn all<F: Future + Unpin>(futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs: Vec<_> = futures.iter().map(|_| None).collect();
    let mut futures: Vec<_> = futures.into_iter().enumerate().collect();
    poll_fn(|cx| {
        futures.retain_mut(|(place, future)| match Pin::new(future).poll(cx) {
            Poll::Ready(output) => {
                if let Some(place) = outputs.get_mut(*place) {
                    *place = Some(output);
                }
                false
            }
            Poll::Pending => true,
        });
        if futures.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
