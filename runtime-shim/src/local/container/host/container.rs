use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::local::{Delivering, Process, ProcessError, Program, instance::Instance};

/// A program as a container, of which all that its host tells it is `PORT`.
///
/// It is started at the first request, or by [`Container::start`]. Requests wait until it listens. Once it has ended, the next request
/// starts it anew. It is killed when this is dropped.
#[derive(Debug)]
pub struct Container(Instance);

/// As long as Knative waits for a container by default.
const START: Duration = Duration::from_secs(600);
/// Knative's default: <https://knative.dev/docs/serving/configuration/config-defaults/#revision-timeout-seconds>.
const TIMEOUT: Duration = Duration::from_secs(300);
/// From SIGTERM to SIGKILL, by default on Kubernetes.
const GRACE: Duration = Duration::from_secs(30);

impl Container {
    /// The container that the program is.
    pub fn new(program: Program) -> Self {
        Self(Instance::new(program, START, TIMEOUT))
    }

    /// Sets how long it may take to answer, five minutes otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// Sets how long it may take until it listens, ten minutes otherwise.
    #[must_use]
    pub fn with_start_timeout(mut self, timeout: Duration) -> Self {
        self.0.start = timeout;
        self
    }

    /// Sets how long it waits before it asks once more whether the program listens, 10 ms otherwise.
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.0.pause = pause;
        self
    }

    /// Sets the port, one that is free otherwise.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.0.port = Some(port);
        self
    }

    /// Starts it unless it runs, and waits until it listens.
    ///
    /// # Errors
    /// A program that is missing, ends or does not listen in time, and a port that is taken.
    pub async fn start(&self) -> Result<(), ProcessError> {
        self.0.up(env).await.map(drop)
    }

    /// Ends it as Kubernetes does: SIGTERM, and SIGKILL after thirty seconds.
    pub async fn stop(&self) {
        self.0.stop(GRACE).await;
    }
}

fn env(port: u16) -> Vec<(String, String)> {
    vec![("PORT".to_owned(), port.to_string())]
}

impl Process for Container {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(async move {
            let serving = self.0.up(env).await?;
            self.0.send(&serving, delivery).await
        })
    }
}
