//! Services of Knative.
//!
//! Source: [Knative Serving API](https://knative.dev/docs/serving/reference/serving-api/).

use polyfn_shim::{event::Kind, manifest::Manifest};

use super::Place;
use crate::manifest::{
    Needs, is_public,
    yaml::{Node, write},
};

/// How long Knative waits for an answer unless it is told otherwise, in seconds.
const TIMEOUT: u64 = 300;

/// The descriptions of these services.
pub(super) fn text(manifest: &Manifest, places: &[Place<'_>], notes: &[String]) -> String {
    let mut documents: Vec<_> = places.iter().map(|place| service(manifest, place)).collect();
    if let Some(first) = documents.first_mut() {
        first.comment = head(manifest, notes);
    }
    write(&documents)
}

fn head(manifest: &Manifest, notes: &[String]) -> String {
    let mut lines = vec![
        format!("`{}` {} as services of Knative.", manifest.program, manifest.version),
        String::new(),
        "Written by `cargo polyfn manifest --provider container`, which writes it anew; your own edits belong into overlay.yaml."
            .into(),
        "  IMAGE=registry.example.com/shop envsubst '$IMAGE' <service.yaml | kubectl apply -f -"
            .replace("shop", &manifest.program),
    ];
    let needs = Needs::of(&manifest.functions);
    let literals = |names: &[&str]| names.iter().map(|name| format!(" --from-literal={name}=..")).collect::<String>();
    let name = super::resource(&manifest.program).unwrap_or_default();
    if !needs.env.is_empty() {
        lines.push("What the functions read of their environment is in a ConfigMap, which you make:".to_owned());
        lines.push(format!("  kubectl create configmap {name}{}", literals(&needs.env)));
    }
    if !needs.secrets.is_empty() {
        lines.push("Their secrets are in a Secret, which you make:".to_owned());
        lines.push(format!("  kubectl create secret generic {name}{}", literals(&needs.secrets)));
    }
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes.iter().map(|note| format!("Note: {note}")));
    }
    lines.join("\n")
}

fn service(manifest: &Manifest, place: &Place<'_>) -> Node {
    let needs = Needs::of(place.unit.functions);
    let mut metadata = Node::map().with("name", place.service.as_str());
    if !is_public(place.unit.functions) {
        let local =
            Node::from("cluster-local").told("Only what runs in the cluster reaches it: not every function of it is `public`.");
        metadata = metadata.with("labels", Node::map().with("networking.knative.dev/visibility", local));
    }
    let http = |path: &str| Node::map().with("httpGet", Node::map().with("path", path));
    let memory = needs.memory_mb.map(|memory| Node::map().with("limits", Node::map().with("memory", format!("{memory}Mi"))));
    let container = Node::map()
        .with("image", "${IMAGE}")
        .with("ports", Node::list([Node::map().with("containerPort", 8080)]))
        .with("env", env(manifest, place, &needs))
        .with_some("resources", memory)
        .with("readinessProbe", http("/readyz"))
        .with("livenessProbe", http("/livez"))
        .with("securityContext", security());
    let spec = Node::map()
        .with("containerConcurrency", u64::from(needs.concurrency.unwrap_or(0)))
        .with("timeoutSeconds", needs.seconds(TIMEOUT).max(1))
        .with("containers", Node::list([container]));
    Node::map()
        .with("apiVersion", "serving.knative.dev/v1")
        .with("kind", "Service")
        .with("metadata", metadata)
        .with("spec", Node::map().with("template", Node::map().with("spec", spec)))
}

fn security() -> Node {
    Node::map()
        .with("runAsNonRoot", true)
        .with("allowPrivilegeEscalation", false)
        .with("capabilities", Node::map().with("drop", Node::list(["ALL"])))
        .with("seccompProfile", Node::map().with("type", "RuntimeDefault"))
}

fn env(manifest: &Manifest, place: &Place<'_>, needs: &Needs<'_>) -> Node {
    let named = |name: &str| Node::map().with("name", name);
    let object = super::resource(&manifest.program).unwrap_or_default();
    let key = |name: &str| Node::map().with("name", object.as_str()).with("key", name);
    let provider = Node::from("container").told("Knative sets what looks like Cloud Run.");
    let mut all = vec![named("POLYFN_PROVIDER").with("value", provider)];
    if place.unit.functions.iter().any(|function| function.trigger == Kind::Schedule) {
        let off = Node::from("off").told("The sources in triggers.yaml tick, once for all replicas.");
        all.push(named("POLYFN_CLOCK").with("value", off));
    }
    if let Some(function) = place.unit.selected {
        all.push(named("POLYFN_FUNCTION").with("value", function));
    }
    let from = |name: &str, what: &str| named(name).with("valueFrom", Node::map().with(what, key(name)));
    all.extend(needs.env.iter().map(|name| from(name, "configMapKeyRef")));
    all.extend(needs.secrets.iter().map(|name| from(name, "secretKeyRef")));
    Node::list(all)
}
