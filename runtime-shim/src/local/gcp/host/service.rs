use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::local::{Delivering, Process, ProcessError, Program, instance::Instance};

/// A program as one instance of a service of Cloud Run.
///
/// It is started at the first request, or by [`Service::start`], told its port in `PORT`, its names in `K_SERVICE`, `K_REVISION` and
/// `K_CONFIGURATION`, and the timeout in `CLOUD_RUN_TIMEOUT_SECONDS`. Requests wait until it listens. Once it has ended, the next
/// request starts it anew. It is killed when this is dropped.
///
/// Source: [container runtime contract](https://cloud.google.com/run/docs/container-contract).
#[derive(Debug)]
pub struct Service {
    name: String,
    function: Option<String>,
    instance: Instance,
}

/// It must listen by then: <https://cloud.google.com/run/docs/container-contract#startup>.
const START: Duration = Duration::from_secs(240);
/// The default: <https://cloud.google.com/run/docs/configuring/request-timeout>.
const TIMEOUT: Duration = Duration::from_secs(300);
/// From SIGTERM to SIGKILL.
const GRACE: Duration = Duration::from_secs(10);

impl Service {
    /// The service of this name that the program is.
    pub fn new(name: impl Into<String>, program: Program) -> Self {
        Self { name: name.into(), function: None, instance: Instance::new(program, START, TIMEOUT) }
    }

    /// Sets the one function that it serves: `FUNCTION_TARGET`.
    #[must_use]
    pub fn with_function(mut self, name: impl Into<String>) -> Self {
        self.function = Some(name.into());
        self
    }

    /// Sets how long it may take to answer, five minutes otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.instance.timeout = timeout;
        self
    }

    /// Sets how long it may take until it listens, four minutes otherwise.
    #[must_use]
    pub fn with_start_timeout(mut self, timeout: Duration) -> Self {
        self.instance.start = timeout;
        self
    }

    /// Sets how long it waits before it asks once more whether the program listens, 10 ms otherwise.
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.instance.pause = pause;
        self
    }

    /// Sets the port, one that is free otherwise.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.instance.port = Some(port);
        self
    }

    /// Starts it unless it runs, and waits until it listens.
    ///
    /// # Errors
    /// A program that is missing, ends or does not listen in time, and a port that is taken.
    pub async fn start(&self) -> Result<(), ProcessError> {
        self.instance.up(|port| self.env(port)).await.map(drop)
    }

    /// Ends it as Cloud Run does: SIGTERM, and SIGKILL after ten seconds.
    pub async fn stop(&self) {
        self.instance.stop(GRACE).await;
    }

    fn env(&self, port: u16) -> Vec<(String, String)> {
        let timeout = self.instance.timeout.as_secs().to_string();
        let revision = format!("{}-00001-local", self.name);
        let set = [
            ("PORT", Some(port.to_string())),
            ("K_SERVICE", Some(self.name.clone())),
            ("K_REVISION", Some(revision)),
            ("K_CONFIGURATION", Some(self.name.clone())),
            ("FUNCTION_TARGET", self.function.clone()),
            ("CLOUD_RUN_TIMEOUT_SECONDS", Some(timeout)),
        ];
        set.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

impl Process for Service {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(async move {
            let serving = self.instance.up(|port| self.env(port)).await?;
            self.instance.send(&serving, delivery).await
        })
    }
}
