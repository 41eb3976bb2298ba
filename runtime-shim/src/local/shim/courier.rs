use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use http::Response;

use super::{Entry, Journal, Written, recorded::recording};
use crate::{
    Body, Event, Provider,
    function::Function,
    local::{Form, Hosts, Undeliverable},
    server::Delivery,
};

/// Brings events to their functions, and keeps what came of each: all that happens on this machine passes through here.
pub(in crate::local) struct Courier {
    hosts: Hosts,
    provider: Provider,
    journal: Arc<Journal>,
    record: Option<Recorder>,
    written: Written,
}

/// Where deliveries are recorded, and how many have been.
struct Recorder {
    folder: PathBuf,
    failed: AtomicU32,
}

impl Courier {
    /// Delivers to these functions, in this provider's form unless told otherwise.
    pub(in crate::local) fn new(
        hosts: Hosts,
        provider: Provider,
        journal: Arc<Journal>,
        record: Option<PathBuf>,
        written: Written,
    ) -> Self {
        let record = record.map(|folder| Recorder { folder, failed: AtomicU32::new(0) });
        Self { hosts, provider, journal, record, written }
    }

    /// The functions.
    pub(in crate::local) fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// What was delivered.
    pub(in crate::local) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Delivers an event in this form, or in the usual one; to the function of this name alone, if one is given.
    ///
    /// # Errors
    /// No function of that name, or an event that is never delivered so.
    pub(in crate::local) async fn deliver(&self, how: How, event: &Event, only: Option<&str>) -> Result<Arc<Entry>, NotSent> {
        self.deliver_batch(how, std::slice::from_ref(event), only).await
    }

    /// Delivers events in one delivery to a function that takes several.
    ///
    /// # Errors
    /// No function of that name, or events that are never delivered so, or not together.
    pub(in crate::local) async fn deliver_batch(
        &self,
        how: How,
        events: &[Event],
        only: Option<&str>,
    ) -> Result<Arc<Entry>, NotSent> {
        let hosts = match only {
            Some(name) => self.hosts.only(name).ok_or_else(|| NotSent(format!("no function is called `{name}`")))?,
            None => self.hosts.clone(),
        };
        let provider = match how {
            How::Provider(provider) => provider,
            How::Usual | How::Form(_) => self.provider,
        };
        let mut delivered = match (how, events) {
            (How::Form(form), _) => hosts.deliver_batch(form, events).await?,
            (_, [event]) => hosts.send(provider, event).await?,
            _ => hosts.send_batch(provider, events).await?,
        };
        delivered.logs.extend(self.written.taken());
        let entry = self.journal.add(delivered);
        self.record(&entry).await;
        Ok(entry)
    }

    /// Whether several events come to this function in one delivery.
    pub(in crate::local) fn batches(&self, function: &Function) -> bool {
        let kind = function.description().binding.kind();
        let carries = |form: &Form| form.provider() == self.provider && form.carries(kind) && form.carries_batches(kind);
        function.is_batch() && Form::ALL.iter().any(carries)
    }

    /// Answers a caller's request. On this machine's own form a response that is made piece by piece goes out so.
    pub(in crate::local) async fn answer(&self, delivery: Delivery) -> Response<Body> {
        if self.provider == Provider::Local {
            let (delivered, response) = self.hosts.answer(delivery).await;
            let entry = self.journal.add(delivered);
            self.record(&entry).await;
            return response;
        }
        let event = self.hosts.request(delivery);
        match self.deliver(How::Usual, &event, None).await {
            Ok(entry) => match &entry.delivered.response {
                Some(response) => response.clone().map(Body::from),
                None => Response::default(),
            },
            Err(error) => crate::function::problem(http::StatusCode::BAD_GATEWAY, error.to_string()),
        }
    }

    /// Writes a delivery to the folder of recordings, if there is one.
    async fn record(&self, entry: &Arc<Entry>) {
        let Some(record) = &self.record else { return };
        let (folder, entry) = (record.folder.clone(), Arc::clone(entry));
        let written = tokio::task::spawn_blocking(move || {
            recording(&entry).write_to(&folder).map(|_| ()).map_err(|error| error.to_string())
        });
        let failed = match written.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(error) => error.to_string(),
        };
        // A full disk would tell the same of each delivery.
        if record.failed.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!("deliveries are not recorded: {failed}");
        }
    }
}

/// How an event is delivered.
#[derive(Clone, Copy, Debug)]
pub(in crate::local) enum How {
    /// As the program's settings say.
    Usual,
    /// In the provider's usual form.
    Provider(Provider),
    /// In this form.
    Form(Form),
}

/// Why an event did not reach a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::local) struct NotSent(String);

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Undeliverable> for NotSent {
    fn from(error: Undeliverable) -> Self {
        Self(error.to_string())
    }
}
