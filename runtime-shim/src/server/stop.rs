use std::{fmt, future::Future, pin::Pin, time::Duration};

#[cfg(any(feature = "container", feature = "local"))]
use tokio::sync::watch;

use crate::ServeError;

/// When a server stops, and how long it then finishes what has begun.
pub struct Stop {
    wanted: Pin<Box<dyn Future<Output = ()> + Send>>,
    grace: Duration,
}

impl Stop {
    /// Stops when `wanted` is done, with ten seconds of grace.
    pub fn when(wanted: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { wanted: Box::pin(wanted), grace: Duration::from_secs(10) }
    }

    /// Stops at SIGTERM or SIGINT; a second one ends the process at once.
    ///
    /// From here on the signals no longer end the process by themselves.
    ///
    /// # Errors
    /// If the signals cannot be watched.
    #[cfg(unix)]
    pub fn on_signals() -> Result<Self, ServeError> {
        use tokio::signal::unix::{SignalKind, signal};

        let watch = |kind| signal(kind).map_err(|error| ServeError::because("cannot watch for signals", error));
        let mut term = watch(SignalKind::terminate())?;
        let mut int = watch(SignalKind::interrupt())?;
        let mut next = move |cx: &mut std::task::Context<'_>| match term.poll_recv(cx) {
            std::task::Poll::Ready(_) => std::task::Poll::Ready(15),
            std::task::Poll::Pending => int.poll_recv(cx).map(|_| 2),
        };
        Ok(Self::when(async move {
            std::future::poll_fn(&mut next).await;
            tokio::spawn(async move {
                let signal = std::future::poll_fn(&mut next).await;
                // What a shell reports of a process that a signal ended.
                std::process::exit(128 + signal);
            });
        }))
    }

    /// Stops at Ctrl-C; a second one ends the process at once.
    ///
    /// # Errors
    /// None here; a system that cannot watch for it never stops by it.
    #[cfg(not(unix))]
    pub fn on_signals() -> Result<Self, ServeError> {
        Ok(Self::when(async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::spawn(async {
                if tokio::signal::ctrl_c().await.is_ok() {
                    std::process::exit(130);
                }
            });
        }))
    }

    /// Sets how long the server finishes what has begun.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The same for two: the second stops when the first does, or when the first is dropped.
    #[cfg(any(feature = "container", feature = "local"))]
    pub(crate) fn shared(self) -> (Self, Self) {
        let Self { wanted, grace } = self;
        let (told, mut heard) = watch::channel(());
        let first = Self::when(async move {
            wanted.await;
            drop(told);
        });
        let second = Self::when(async move { while heard.changed().await.is_ok() {} });
        (first.with_grace(grace), second.with_grace(grace))
    }

    pub(crate) fn into_parts(self) -> (Pin<Box<dyn Future<Output = ()> + Send>>, Duration) {
        (self.wanted, self.grace)
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("grace", &self.grace).finish_non_exhaustive()
    }
}
