use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use tokio::sync::watch;

use crate::ServeError;

/// Tells a server when to stop: by a signal, or by a [`Stopper`] in a test.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// Stops the servers that hold its [`Stop`].
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Stops them.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// A stop that comes when the other half says so.
    pub fn manual() -> (Stopper, Self) {
        let (stopper, stop) = watch::channel(false);
        (Stopper(stopper), Self(stop))
    }

    /// A stop that comes with SIGTERM or SIGINT; a second signal ends the process at once.
    ///
    /// # Errors
    /// If the signals cannot be listened to.
    pub fn on_signals() -> Result<Self, ServeError> {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error| ServeError::because("signals cannot be listened to", error);
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let (stopper, stop) = Self::manual();
        tokio::spawn(async move {
            // Either wait may be dropped: a signal that came meanwhile is kept for the next one.
            let mut signal = async || first(terminate.recv(), interrupt.recv()).await;
            signal().await;
            stopper.stop();
            signal().await;
            std::process::exit(1);
        });
        Ok(stop)
    }

    /// Waits for the stop.
    pub async fn wait(&mut self) {
        // A stopper that is gone without a word never stops anything.
        if self.0.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Runs a future until it ends, or until the stop comes: then `None`, and the future can be run on.
    pub(crate) async fn or<F: Future>(&mut self, future: Pin<&mut F>) -> Option<F::Output> {
        first(async { Some(future.await) }, async {
            self.wait().await;
            None
        })
        .await
    }
}

/// What the first of two futures to end gives; the other is dropped.
async fn first<T>(a: impl Future<Output = T>, b: impl Future<Output = T>) -> T {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|cx| match a.as_mut().poll(cx) {
        Poll::Pending => b.as_mut().poll(cx),
        ready => ready,
    })
    .await
}
