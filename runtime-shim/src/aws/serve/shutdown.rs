use http::{HeaderValue, Method};

use super::client::Client;
use crate::ServeError;

/// The extension that makes Lambda say when it ends the environment: it takes part in nothing.
///
/// Source: [Lambda Extensions API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html).
pub(super) struct Shutdown {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Shutdown {
    /// Registers the extension, which must happen before the first delivery is asked for.
    pub(super) async fn register(mut client: Client) -> Result<Self, ServeError> {
        let failed = |error| ServeError::because("Lambda did not register the extension of the shutdown hook", error);
        // Before Lambda knows of it, so that no signal can come too early.
        #[cfg(unix)]
        let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(|error| ServeError::because("no handler for SIGTERM could be set", error))?;
        let name = ("lambda-extension-name", HeaderValue::from_static("polyfn"));
        let parts = client.extension(Method::POST, "register", name, r#"{"events":[]}"#).await.map_err(failed)?;
        if let Some(id) = parts.headers.get("lambda-extension-identifier").cloned() {
            // The init phase lasts until every extension waits for its next event; this one never gets any.
            tokio::spawn(async move {
                let id = ("lambda-extension-identifier", id);
                if let Err(error) = client.extension(Method::GET, "event/next", id, "").await {
                    tracing::debug!("the extension of the shutdown hook was let go: {error}");
                }
            });
        }
        Ok(Self {
            #[cfg(unix)]
            signal,
        })
    }

    /// Waits for the end of the environment.
    pub(super) async fn signal(self) {
        #[cfg(unix)]
        {
            let mut signal = self.signal;
            signal.recv().await;
        }
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    }
}
