//! `host.json`: what the Functions host does for all functions of an app.
//!
//! Source: [host.json](https://learn.microsoft.com/azure/azure-functions/functions-host-json).

use polyfn_shim::{
    event::{Action, Kind},
    manifest::{Entry, Manifest},
};
use serde_json::{Value, json};

use super::{HANDLER, ordered};
use crate::{
    failure::Failure,
    manifest::{Needs, Units},
};

/// What stands before every route.
pub(super) const ROUTE_PREFIX: &str = "api";
/// How long the host waits for a function unless it is told otherwise, in seconds.
const TIMEOUT: u64 = 1800;
/// What the host waits beyond a function's own timeout: it ends the whole process, with all that runs in it.
const GRACE: u64 = 30;

/// The file for these functions.
pub(super) fn text(manifest: &Manifest) -> Result<String, Failure> {
    let functions = || manifest.functions.iter();
    let needs = Needs::of(&manifest.functions);
    let own = needs.seconds(TIMEOUT);
    let seconds = if own == TIMEOUT { own } else { own.saturating_add(GRACE) };
    let mut host = json!({
        "version": "2.0",
        "functionTimeout": format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
        "customHandler": {
            "description": {"defaultExecutablePath": HANDLER},
            // A newer host passes requests through, an older one sends them on.
            "enableForwardingHttpRequest": true,
            "enableProxyingHttpRequest": true,
        },
        "extensions": extensions(manifest),
        "logging": {"applicationInsights": {"samplingSettings": {"isEnabled": true, "excludedTypes": "Request"}}},
    });
    // HTTP and timers are built into the host.
    let built_in = |kind| matches!(kind, Kind::Http | Kind::Direct | Kind::Schedule);
    if !functions().all(|function| built_in(function.trigger)) {
        let bundle = json!({"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"});
        ordered::set(&mut host, "extensionBundle", bundle);
    }
    ordered::text(&host)
}

/// The settings of each trigger that the functions have; each is for all functions of that trigger.
fn extensions(manifest: &Manifest) -> Value {
    let of = |kind| Together::of(manifest, move |function: &Entry| function.trigger == kind);
    let mut all = json!({"http": {"routePrefix": ROUTE_PREFIX}});
    if let Some(queues) = of(Kind::Queue) {
        // Up to so many at once; the host would fetch the next ones already at half of them.
        let at_once = queues.concurrency.unwrap_or(16).clamp(1, 32);
        let deliveries = queues.deliveries(5);
        let queue =
            json!({"messageEncoding": "base64", "batchSize": at_once, "newBatchThreshold": 0, "maxDequeueCount": deliveries});
        ordered::set(&mut all, "queues", queue);
    }
    if let Some(topics) = of(Kind::Topic) {
        let mut bus = json!({"maxConcurrentCalls": topics.concurrency.unwrap_or(16)});
        if let Some(batch) = topics.batch {
            ordered::set(&mut bus, "maxMessageBatchSize", batch);
        }
        ordered::set(&mut all, "serviceBus", bus);
    }
    if let Some(batch) = of(Kind::Stream).and_then(|streams| streams.batch) {
        ordered::set(&mut all, "eventHubs", json!({"maxEventBatchSize": batch}));
    }
    if let Some(blobs) = Together::of(manifest, is_blob) {
        ordered::set(&mut all, "blobs", json!({"poisonBlobThreshold": blobs.deliveries(5)}));
    }
    all
}

/// Whether a blobTrigger starts it; an Event Grid trigger does where it asks for objects that are gone.
pub(super) fn is_blob(function: &Entry) -> bool {
    function.trigger == Kind::Object && !function.on.contains(&Action::Deleted)
}

/// What functions of one trigger ask, of which an app has one value: the most that one of them asks.
struct Together {
    concurrency: Option<u32>,
    batch: Option<u32>,
    retries: Option<u32>,
}

impl Together {
    fn of(manifest: &Manifest, wanted: impl Fn(&Entry) -> bool) -> Option<Self> {
        let functions: Vec<_> = manifest.functions.iter().filter(|function| wanted(function)).collect();
        let most = |asked: fn(&Entry) -> Option<u32>| functions.iter().filter_map(|function| asked(function)).max();
        let (concurrency, batch) = (most(|function| function.concurrency), most(|function| function.batch));
        (!functions.is_empty()).then(|| Self { concurrency, batch, retries: most(|function| function.retries) })
    }

    fn deliveries(&self, default: u32) -> u32 {
        self.retries.map_or(default, |retries| retries.saturating_add(1))
    }
}

/// What an app cannot have for each function alone.
pub(super) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = Vec::new();
    for unit in units.of(manifest) {
        let concurrency = |function: &Entry| function.concurrency;
        for (what, differ) in [
            ("`retries` of its queues", differ(unit.functions, Kind::Queue, |function| function.retries)),
            ("`concurrency` of its queues", differ(unit.functions, Kind::Queue, concurrency)),
            ("`concurrency` of its topics", differ(unit.functions, Kind::Topic, concurrency)),
        ] {
            if differ {
                warnings.push(format!(
                    "`{}`: Azure has one value for {what}, the highest of those that are asked for; build it with `--split` if they must differ",
                    unit.name
                ));
            }
        }
        for function in unit.functions.iter().filter(|function| function.trigger == Kind::Queue) {
            if function.ordered {
                warnings.push(format!(
                    "`{}`: a Storage queue has no order; declare a queue of Service Bus with sessions, or remove `ordered`",
                    function.name
                ));
            }
            if function.batch.is_some_and(|batch| batch > 1) {
                warnings.push(format!("`{}`: a Storage queue delivers one message at a time; remove `batch`", function.name));
            }
        }
    }
    warnings
}

/// Whether functions of one trigger ask for different values.
fn differ(functions: &[Entry], kind: Kind, asked: fn(&Entry) -> Option<u32>) -> bool {
    let mut all = functions.iter().filter(|function| function.trigger == kind).map(asked);
    let first = all.next();
    all.any(|value| Some(value) != first)
}
