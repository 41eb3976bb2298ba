use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Mutex,
    time::{Instant, sleep, timeout_at},
};

use super::{
    Files,
    restarts::{Next, Restarts},
};
use crate::{
    azure::{invocation_id, strip_prefix},
    local::{
        Delivering, Process, ProcessError, Program,
        serving::{Either, Serving, either},
    },
    server::new_id,
};

/// A program as the custom handler of a Functions host.
///
/// It is started at the first invocation, or by [`Handler::start`], with the host's environment, and asked every 25 ms until it
/// answers. What the host does when it ends depends on its exit code: with 0 the host takes no notice, and finds nobody at the
/// port from then on; with 200 it starts it again; with any other, or if it is not ready in time, it starts it again too, but stops
/// for good at the third such error, each less than half an hour after the one before. An invocation that takes longer than the
/// function's timeout has the program killed, with all that runs in it.
///
/// Source: [custom handlers](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers).
pub struct Handler {
    program: Program,
    files: Files,
    port: Option<u16>,
    pause: Duration,
    start: Duration,
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    serving: Option<Arc<Serving>>,
    restarts: Restarts,
    /// Why no invocation gets through any more.
    stopped: Option<String>,
}

/// How often the host asks whether the program is ready, unless told otherwise.
const PAUSE: Duration = Duration::from_millis(25);
/// `customHandler.initializationTimeout`.
const START: Duration = Duration::from_secs(30);
/// `functionTimeout` on the Consumption plan.
const TIMEOUT: Duration = Duration::from_secs(300);

impl Handler {
    /// The handler that the program is, in a deployment of these files.
    pub fn new(program: Program, files: Files) -> Self {
        Self { program, files, port: None, pause: PAUSE, start: START, timeout: TIMEOUT, state: Mutex::default() }
    }

    /// Sets how long it may take to answer (`functionTimeout`), five minutes otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long it may take to be ready (`customHandler.initializationTimeout`), half a minute otherwise.
    #[must_use]
    pub fn with_start_timeout(mut self, timeout: Duration) -> Self {
        self.start = timeout;
        self
    }

    /// Sets how long it waits before it asks once more whether the program is ready, 25 ms otherwise.
    #[must_use]
    pub fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// Sets the port (`customHandler.port`), one that is free otherwise.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The folder with host.json.
    pub fn root(&self) -> PathBuf {
        self.files.root().to_owned()
    }

    /// Starts it unless it runs, and waits until it is ready.
    ///
    /// # Errors
    /// A program that is missing, one that ended with 0, one that ended in error or was not ready three times, and a port that is
    /// taken.
    pub async fn start(&self) -> Result<(), ProcessError> {
        self.up().await.map(drop)
    }

    /// Ends it as the host does: SIGKILL, at once.
    pub async fn stop(&self) {
        if let Some(serving) = self.state.lock().await.serving.take() {
            serving.kill().await;
        }
    }

    /// The program that takes invocations; while it restarts they wait.
    async fn up(&self) -> Result<Arc<Serving>, ProcessError> {
        let mut state = self.state.lock().await;
        loop {
            if let Some(why) = &state.stopped {
                return Err(ProcessError::Exited(why.clone()));
            }
            let failure = match state.serving.clone() {
                Some(serving) if serving.status().is_none() => return Ok(serving),
                Some(serving) => serving.ended().await,
                None => {
                    let serving = Arc::new(Serving::start(&self.program, self.port, |port| self.env(port)).await?);
                    state.serving = Some(Arc::clone(&serving));
                    match self.ready(&serving).await {
                        Ok(()) => return Ok(serving),
                        Err(failure) => {
                            serving.kill().await;
                            failure
                        }
                    }
                }
            };
            let code = match (&failure, state.serving.take()) {
                (ProcessError::Exited(_), Some(serving)) => serving.status().and_then(|status| status.code()),
                _ => None,
            };
            state.stopped = match state.restarts.after(code) {
                Next::Restart => None,
                Next::Nothing => Some(format!(
                    "{failure}: the host takes no notice of an exit with 0, and no invocation gets through any more; exit with 1 on an error"
                )),
                Next::Stop => Some(format!("{failure}: the host stops at the third error; mend it and start again")),
            };
        }
    }

    /// Asks until there is any response at all; only a refused connection means not yet.
    async fn ready(&self, serving: &Serving) -> Result<(), ProcessError> {
        let address = serving.address();
        let asked = async {
            let mut stream = loop {
                match TcpStream::connect(address).await {
                    Ok(stream) => break stream,
                    Err(_) => sleep(self.pause).await,
                }
            };
            // What is wrong with the answer is for the first invocation to find out.
            let probe = format!("GET / HTTP/1.1\r\nhost: {address}\r\n\r\n");
            if stream.write_all(probe.as_bytes()).await.is_ok() {
                let _ = stream.read_u8().await;
            }
        };
        match either(serving.ended(), timeout_at(Instant::now() + self.start, asked)).await {
            Either::First(failure) => Err(failure),
            Either::Second(Ok(())) => Ok(()),
            Either::Second(Err(_)) => Err(ProcessError::TimedOut(format!(
                "the program does not answer `GET /` on {address} after {:?}; it has to listen there, at FUNCTIONS_CUSTOMHANDLER_PORT",
                self.start
            ))),
        }
    }

    fn env(&self, port: u16) -> Vec<(String, String)> {
        let (port, id) = (port.to_string(), guid());
        let root = self.files.root().to_string_lossy().into_owned();
        let set = [
            ("FUNCTIONS_CUSTOMHANDLER_PORT", port.clone()),
            ("FUNCTIONS_HTTPWORKER_PORT", port),
            ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", id.clone()),
            ("FUNCTIONS_HTTPWORKER_ID", id),
            ("FUNCTIONS_APP_ROOT_PATH", root),
        ];
        set.map(|(name, value)| (name.to_owned(), value)).into()
    }

    async fn invoke(&self, delivery: Request<Bytes>) -> Result<Response<Bytes>, ProcessError> {
        let is_json = self.is_json(&delivery);
        let serving = self.up().await?;
        let Some(reply) = serving.send(delivery, self.timeout).await? else {
            // Killed by the host, so no error of the program's; who waits for it to be up waits until it is gone.
            let mut state = self.state.lock().await;
            serving.kill().await;
            state.serving.take_if(|current| Arc::ptr_eq(current, &serving));
            return Err(ProcessError::TimedOut(format!(
                "no reply after {:?}: the host kills the program and all that runs in it, and starts it again; set a longer functionTimeout or answer sooner",
                self.timeout
            )));
        };
        match hangs(&reply).filter(|_| is_json) {
            Some(why) => Err(ProcessError::TimedOut(why)),
            None => Ok(reply),
        }
    }

    /// Whether it is a delivery, rather than the request of a caller.
    fn is_json(&self, delivery: &Request<Bytes>) -> bool {
        let prefix = self.files.prefix();
        let is_raw = !prefix.is_empty() && strip_prefix(delivery.uri().path(), prefix).is_some();
        let is_typed =
            delivery.headers().get("content-type").is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        !is_raw && delivery.method() == Method::POST && is_typed && invocation_id(delivery.headers()).is_some()
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").field("program", &self.program.path).field("files", &self.files).finish_non_exhaustive()
    }
}

impl Process for Handler {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(self.invoke(delivery))
    }
}

/// Why the host would wait for ever behind this answer to a delivery.
fn hangs(reply: &Response<Bytes>) -> Option<String> {
    let body = reply.body().trim_ascii();
    let empty = reply.status().is_success() && (body.is_empty() || body == b"null");
    empty.then(super::super::reply::hang)
}

/// An id as the host makes them.
fn guid() -> String {
    let digits = format!("{}{}", new_id(), new_id());
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
