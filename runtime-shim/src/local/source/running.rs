use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::time::{Instant, sleep_until};

use super::{Delivered, Parcel, Verdict};

/// Deliveries that run at once. Each has a bell of its own, so that of a thousand only those are polled that have something to say.
#[derive(Default)]
pub(super) struct Running<'a> {
    slots: Vec<Option<(Delivered<'a>, Arc<Bell>)>>,
    /// Places without a delivery.
    free: Vec<usize>,
    rung: Arc<Rung>,
}

/// The bells that have rung, in their order, and who is waiting for one.
#[derive(Default)]
struct Rung {
    places: Mutex<VecDeque<usize>>,
    listener: Mutex<Option<Waker>>,
}

struct Bell {
    place: usize,
    has_rung: AtomicBool,
    rung: Arc<Rung>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        if !self.has_rung.swap(true, Ordering::AcqRel) {
            self.rung.places.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.place);
        }
        let listener = self.rung.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.wake();
        }
    }
}

impl<'a> Running<'a> {
    pub(super) fn len(&self) -> usize {
        self.slots.len().saturating_sub(self.free.len())
    }

    /// Takes one in; it begins with the next call of `next`.
    pub(super) fn push(&mut self, delivered: Delivered<'a>) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len().saturating_sub(1)
        });
        let bell = Arc::new(Bell { place, has_rung: AtomicBool::new(false), rung: Arc::clone(&self.rung) });
        Arc::clone(&bell).wake();
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Some((delivered, bell));
        }
    }

    /// The next that is done; `None` if it is `until` before.
    pub(super) async fn next(&mut self, until: Option<Instant>) -> Option<(Parcel, Verdict)> {
        let mut sleep = pin!(async {
            match until {
                Some(until) => sleep_until(until).await,
                None => std::future::pending().await,
            }
        });
        poll_fn(|cx| {
            *self.rung.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
            match self.poll() {
                Some(done) => Poll::Ready(Some(done)),
                None => sleep.as_mut().poll(cx).map(|()| None),
            }
        })
        .await
    }

    /// Polls those whose bell has rung by now, until one is done.
    fn poll(&mut self) -> Option<(Parcel, Verdict)> {
        // A bell that rings meanwhile has its turn later: where the runtime wants its thread back, each rings at once when it is polled.
        let rung = self.places().len();
        for _ in 0..rung {
            let place = self.places().pop_front()?;
            // The bell of one that is done may ring once more.
            let Some(Some((delivered, bell))) = self.slots.get_mut(place) else { continue };
            bell.has_rung.store(false, Ordering::Release);
            let waker = Waker::from(Arc::clone(bell));
            if let Poll::Ready(done) = delivered.as_mut().poll(&mut Context::from_waker(&waker)) {
                if let Some(slot) = self.slots.get_mut(place) {
                    *slot = None;
                }
                self.free.push(place);
                return Some(done);
            }
        }
        None
    }

    fn places(&self) -> MutexGuard<'_, VecDeque<usize>> {
        self.rung.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for all of these, which run at once; the outputs are in their order.
#[cfg(feature = "azure")]
pub(in crate::local) async fn all<F: Future + Unpin>(futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs: Vec<_> = futures.iter().map(|_| None).collect();
    let mut futures: Vec<_> = futures.into_iter().enumerate().collect();
    poll_fn(|cx| {
        futures.retain_mut(|(place, future)| match std::pin::Pin::new(future).poll(cx) {
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

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test]
    async fn one_that_rings_whenever_it_is_polled_leaves_the_thread_to_others() {
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
                if done.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            let parcel = Parcel {
                events: Vec::new(),
                attempt: 1,
                #[cfg(feature = "gcp")]
                answers: 0,
                #[cfg(feature = "gcp")]
                last_status: None,
                group: None,
                since: Instant::now(),
            };
            (parcel, Verdict::Done)
        }));
        assert!(running.next(None).await.is_some());
        assert_eq!(running.len(), 0);
        // Its bell has rung once more.
        assert!(running.next(Some(Instant::now())).await.is_none());
    }
}
