use crate::failure::Failure;

/// What asks this process to stop: Ctrl-C, SIGTERM, a terminal that is closed.
///
/// From here on they no longer end it by themselves.
#[cfg(unix)]
pub(crate) struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    pub(crate) fn watch() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};

        let watch = |kind| signal(kind).map_err(|error| Failure::new(format!("cannot watch for signals: {error}")));
        Ok(Self([watch(SignalKind::interrupt())?, watch(SignalKind::terminate())?, watch(SignalKind::hangup())?]))
    }

    /// Waits for the next one.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(crate) async fn next(&mut self) {
        let Self(signals) = self;
        std::future::poll_fn(|cx| {
            let came = signals.iter_mut().any(|signal| signal.poll_recv(cx).is_ready());
            if came { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

/// What asks this process to stop: Ctrl-C.
#[cfg(not(unix))]
pub(crate) struct Signals(());

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn watch() -> Result<Self, Failure> {
        Ok(Self(()))
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        // A system that cannot watch for it never stops by it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
