use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use polyfn_shim::{
    function::Table,
    local::{
        Delivering, Process, ProcessError, Program,
        aws::{Configuration, Lambda},
        azure::host::{Files, Handler},
        container::host::Container,
        gcp::host::Service,
    },
};

use crate::{failure::Failure, target::Target};

/// A provider's host with the program behind it, which starts at the first delivery; it is killed when this is dropped.
enum Host {
    Lambda(Lambda),
    Service(Service),
    Handler(Handler),
    Container(Container),
}

/// The same host, and how long each delivery took.
pub(super) struct Timed {
    host: Host,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    /// Why the program gave no reply.
    failed: Option<String>,
}

/// A real host asks less often whether a program listens; it is the program that is measured here.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a program that was told to end is waited for.
const GRACE: Duration = Duration::from_secs(2);

impl Timed {
    /// The host of a provider, with all functions of the table or the selected one. What is not done within `limit` it gives up; on Lambda it starts up to `environments` processes.
    pub(super) fn new(
        target: Target,
        program: &Path,
        table: &Table,
        selected: Option<&str>,
        limit: Duration,
        environments: usize,
    ) -> Result<Self, Failure> {
        // Nobody reads what the program writes; that it writes is part of what it does.
        let env = selected.map(|name| ("POLYFN_FUNCTION".to_owned(), name.to_owned())).into_iter().collect();
        let program = Program { path: program.to_owned(), arguments: Vec::new(), env, lines: Arc::new(|_| {}) };
        let host = match target {
            Target::Aws => {
                let configuration = Configuration { timeout: limit, environments, ..Configuration::default() };
                Host::Lambda(Lambda::new(program, configuration))
            }
            Target::Gcp => {
                Host::Service(Service::new("report", program).with_timeout(limit).with_start_timeout(limit).with_pause(PAUSE))
            }
            Target::Azure => {
                let files = Files::of(table.functions(), "api").map_err(|error| Failure::new(error.to_string()))?;
                let handler = Handler::new(program, files);
                Host::Handler(handler.with_timeout(limit).with_start_timeout(limit).with_pause(PAUSE))
            }
            Target::Container => {
                Host::Container(Container::new(program).with_timeout(limit).with_start_timeout(limit).with_pause(PAUSE))
            }
        };
        Ok(Self { host, seen: Mutex::default() })
    }

    /// How long each delivery took that had a reply, since somebody asked.
    pub(super) fn taken(&self) -> Vec<Duration> {
        std::mem::take(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner).times)
    }

    /// Why the program gave no reply, if there was none to a delivery.
    pub(super) fn failed(&self) -> Option<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).failed.clone()
    }

    /// Ends the program as the host does, so that it does not run beside the next.
    pub(super) async fn stop(&self) {
        let stopped = async {
            match &self.host {
                Host::Lambda(lambda) => lambda.shut_down().await,
                Host::Service(service) => service.stop().await,
                Host::Handler(handler) => handler.stop().await,
                Host::Container(container) => container.stop().await,
            }
        };
        // One that does not end by itself is killed when its host is dropped.
        let _ = tokio::time::timeout(GRACE, stopped).await;
    }
}

impl Process for Timed {
    fn deliver(&self, delivery: http::Request<bytes::Bytes>) -> Delivering<'_> {
        Box::pin(async move {
            let began = Instant::now();
            let reply = match &self.host {
                Host::Lambda(lambda) => lambda.deliver(delivery).await,
                Host::Service(service) => service.deliver(delivery).await,
                Host::Handler(handler) => handler.deliver(delivery).await,
                Host::Container(container) => container.deliver(delivery).await,
            };
            let took = began.elapsed();
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            match reply.as_ref().map(|reply| ended(reply.body())) {
                Ok(None) => seen.times.push(took),
                Ok(Some(why)) => seen.failed = Some(why),
                Err(error) => seen.failed = Some(ProcessError::to_string(error)),
            }
            reply
        })
    }
}

/// What Lambda says in the program's place of one that ended or took too long.
fn ended(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Said {
        error_type: String,
        error_message: String,
    }
    let Said { error_type, error_message } = serde_json::from_slice(body).ok()?;
    matches!(error_type.as_str(), "Runtime.ExitError" | "Sandbox.Timedout").then_some(error_message)
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn lambda_speaks_in_the_programs_place() {
        let said = br#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited"}"#;
        assert_eq!(ended(said).as_deref(), Some("RequestId: 1 Error: Runtime exited"));
        assert_eq!(ended(br#"{"errorType":"Function.Error","errorMessage":"no tea"}"#), None);
        assert_eq!(ended(b"{\"statusCode\":200}"), None);
    }
}
