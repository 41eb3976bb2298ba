//! A service of Cloud Run, as Knative describes one.
//!
//! Source: [Cloud Run YAML reference](https://cloud.google.com/run/docs/reference/yaml/v1).

use polyfn_shim::manifest::Manifest;

use super::place::{Place, TIMEOUT};
use crate::{
    failure::Failure,
    manifest::{
        takes_requests,
        yaml::{Node, write},
    },
};

/// What Cloud Run gives a service that does not say, in MiB.
const MEMORY: u32 = 512;
/// How many requests an instance takes at once if nobody says.
const CONCURRENCY: u32 = 80;
/// The longest that Cloud Run waits for an answer, in seconds.
pub(super) const LONGEST: u64 = 3600;

/// The description of a service.
///
/// # Errors
/// More memory than a service can have.
pub(super) fn text(manifest: &Manifest, place: &Place<'_>) -> Result<String, Failure> {
    let memory = place.needs.memory_mb.unwrap_or(MEMORY).max(128);
    let cpu = processors(memory).ok_or_else(|| {
        Failure::new(format!("`{}` wants {memory} MiB of memory, and Cloud Run gives 32768 at most; write less", place.unit.name))
    })?;
    let requests = place.unit.functions.iter().any(takes_requests);
    let ingress = if requests {
        Node::from("all")
    } else {
        // Pub/Sub, Eventarc, Scheduler and Tasks of the same project are within.
        Node::from("internal").told("No function takes requests from outside.")
    };
    let metadata = Node::map()
        .with("name", place.service.as_str())
        .with("annotations", Node::map().with("run.googleapis.com/ingress", ingress));
    let container = Node::map()
        .with("image", "${IMAGE}")
        .with("ports", Node::list([Node::map().with("name", "http1").with("containerPort", 8080)]))
        .with_some("env", env(place))
        .with("resources", Node::map().with("limits", limits(cpu, memory)))
        .with("startupProbe", probe().told("It listens as soon as `init` is done, for which it has four minutes."));
    let spec = Node::map()
        .with("serviceAccountName", format!("{}@${{PROJECT}}.iam.gserviceaccount.com", place.account))
        .with("containerConcurrency", u64::from(place.needs.concurrency.unwrap_or(CONCURRENCY).clamp(1, 1000)))
        .with("timeoutSeconds", place.needs.seconds(TIMEOUT).clamp(1, LONGEST))
        .with("containers", Node::list([container]));
    let boost = Node::map().with("run.googleapis.com/startup-cpu-boost", "true");
    let template = Node::map().with("metadata", Node::map().with("annotations", boost)).with("spec", spec);
    let traffic = Node::list([Node::map().with("latestRevision", true).with("percent", 100)]);
    let root = Node::map()
        .with("apiVersion", "serving.knative.dev/v1")
        .with("kind", "Service")
        .with("metadata", metadata)
        .with("spec", Node::map().with("template", template).with("traffic", traffic))
        .told(format!(
            "The service `{}` of Cloud Run, of `{}` {}.\n\nWritten by `cargo polyfn manifest --provider gcp`, which writes it anew; your own edits belong into overlay.yaml.\n`deploy.sh` fills in what stands in `${{..}}`.",
            place.service, manifest.program, manifest.version
        ));
    Ok(write(&[root]))
}

/// How many processors go with so much memory.
///
/// Source: [Memory limits](https://cloud.google.com/run/docs/configuring/services/memory-limits).
fn processors(memory: u32) -> Option<&'static str> {
    Some(match memory {
        0..=4096 => "1",
        4097..=8192 => "2",
        8193..=16_384 => "4",
        16_385..=24_576 => "6",
        24_577..=32_768 => "8",
        _ => return None,
    })
}

fn limits(cpu: &str, memory: u32) -> Node {
    Node::map().with("cpu", cpu).with("memory", format!("{memory}Mi"))
}

fn probe() -> Node {
    Node::map()
        .with("tcpSocket", Node::map().with("port", 8080))
        .with("periodSeconds", 1)
        .with("timeoutSeconds", 1)
        .with("failureThreshold", 240)
}

/// The environment: which function it is, what `deploy.sh` is given, and the secrets.
fn env(place: &Place<'_>) -> Option<Node> {
    let named = |name: &str| Node::map().with("name", name);
    let mut all = Vec::new();
    if let Some(function) = place.unit.selected {
        all.push(named("POLYFN_FUNCTION").with("value", function));
    }
    all.extend(place.needs.env.iter().map(|name| named(name).with("value", format!("${{{name}}}"))));
    all.extend(place.needs.secrets.iter().map(|name| {
        let secret = Node::map().with("name", *name).with("key", "latest");
        named(name).with("valueFrom", Node::map().with("secretKeyRef", secret))
    }));
    (!all.is_empty()).then(|| Node::list(all))
}
