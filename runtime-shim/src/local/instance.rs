use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::Mutex;

use super::{ProcessError, Program, serving::Serving};

/// One instance of a program in a container, which is started at the first request, and anew at the next after it has ended.
pub(super) struct Instance {
    pub(super) program: Program,
    pub(super) port: Option<u16>,
    pub(super) pause: Duration,
    pub(super) start: Duration,
    pub(super) timeout: Duration,
    serving: Mutex<Option<Arc<Serving>>>,
}

/// How often a program that starts is asked whether it listens, unless told otherwise.
const PAUSE: Duration = Duration::from_millis(10);

impl Instance {
    pub(super) fn new(program: Program, start: Duration, timeout: Duration) -> Self {
        Self { program, port: None, pause: PAUSE, start, timeout, serving: Mutex::new(None) }
    }

    /// The instance that takes requests; `env` is what it is told, by the port.
    pub(super) async fn up(&self, env: impl FnOnce(u16) -> Vec<(String, String)>) -> Result<Arc<Serving>, ProcessError> {
        let mut serving = self.serving.lock().await;
        if let Some(serving) = serving.as_ref().filter(|serving| serving.status().is_none()) {
            return Ok(Arc::clone(serving));
        }
        let started = Arc::new(Serving::start(&self.program, self.port, env).await?);
        started.listens(self.pause, self.start).await?;
        *serving = Some(Arc::clone(&started));
        Ok(started)
    }

    /// Sends it a request; the program goes on where that takes too long.
    pub(super) async fn send(&self, serving: &Serving, request: Request<Bytes>) -> Result<Response<Bytes>, ProcessError> {
        let timeout = self.timeout;
        serving.send(request, timeout).await?.ok_or_else(|| {
            ProcessError::TimedOut(format!("no reply after {timeout:?}: the caller gets a 504, and the program goes on; set a longer timeout or answer sooner"))
        })
    }

    /// Ends it as its host does.
    pub(super) async fn stop(&self, grace: Duration) {
        if let Some(serving) = self.serving.lock().await.take() {
            serving.stop(grace).await;
        }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("program", &self.program.path).field("port", &self.port).finish_non_exhaustive()
    }
}
