use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

/// An event on its way to a function: `.await` it in an async test, or [`wait`](Self::wait) in a plain one.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<'a, T>(Pin<Box<dyn Future<Output = T> + Send + 'a>>);

impl<'a, T> Sending<'a, T> {
    pub(super) fn new(sending: impl Future<Output = T> + Send + 'a) -> Self {
        Self(Box::pin(sending))
    }

    /// Sends it, and waits on this thread for what comes of it.
    ///
    /// # Panics
    /// In async code, where it is to be awaited; or if the async runtime cannot start.
    #[expect(clippy::panic, reason = "a test that cannot run has failed")]
    pub fn wait(self) -> T {
        match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
            Ok(runtime) => {
                let done = runtime.block_on(self.0);
                // A plain function that was left alone at its timeout must not keep the test.
                runtime.shutdown_background();
                done
            }
            Err(error) => panic!("the async runtime did not start: {error}"),
        }
    }
}

impl<'a, T> IntoFuture for Sending<'a, T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        self.0
    }
}
