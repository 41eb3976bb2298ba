use tokio::task::{JoinHandle, spawn_blocking};

use crate::Failure;

/// Runs work that may block off the async threads.
///
/// # Errors
/// If it panicked, or the runtime ended before it began.
///
/// # Cancel safety
/// Work that nobody waits for any more is not begun. What has begun cannot be stopped: it goes on, and nobody hears of it.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    struct Waiting<T>(JoinHandle<T>);
    impl<T> Drop for Waiting<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    #[cfg(feature = "local")]
    let work = super::watch::inherited_by_thread(work);
    let mut waiting = Waiting(spawn_blocking(work));
    match (&mut waiting.0).await {
        Ok(done) => Ok(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => Err(Failure::from_panic(&*panic)),
            Err(error) => Err(Failure::new("Stopped", error.to_string())),
        },
    }
}
