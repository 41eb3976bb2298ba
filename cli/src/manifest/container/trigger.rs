//! What brings events to services: a broker, a trigger for each function of events, and a source for each schedule.
//!
//! Source: [Knative Eventing API](https://knative.dev/docs/eventing/reference/eventing-api/).

use polyfn_shim::{
    event::Kind,
    function::sunday_as_0,
    manifest::{Entry, Manifest},
};

use super::{Place, filter, of_function, resource};
use crate::manifest::{
    takes_requests,
    yaml::{Node, write},
};

const EVENTING: &str = "eventing.knative.dev/v1";

/// All of them, as documents of one file.
pub(super) fn text(manifest: &Manifest, places: &[Place<'_>]) -> String {
    let broker = resource(&manifest.program).unwrap_or_default();
    let dead_letters = format!("{broker}-dead-letter");
    let mut documents = vec![object(EVENTING, "Broker", &broker).told(format!(
        "What brings `{}` its events.\n\nWritten by `cargo polyfn manifest --provider container`, which writes it anew; your own edits belong into overlay.yaml.\n  kubectl apply -f triggers.yaml\n\nWhoever has an event sends it to the broker as a CloudEvent; polyfn's own types say which trigger it is for.",
        manifest.program
    ))];
    if manifest.functions.iter().any(|function| !takes_requests(function) && function.retries.is_some()) {
        documents.push(
            object(EVENTING, "Broker", &dead_letters)
                .told("Where events go that are given up. Subscribe to it, or choose a class of broker that keeps them."),
        );
    }
    for place in places {
        for function in place.unit.functions.iter().filter(|function| !takes_requests(function)) {
            if function.trigger == Kind::Schedule {
                documents.push(ticks(manifest, &broker, function));
            }
            documents.push(trigger(manifest, place, &broker, &dead_letters, function));
        }
    }
    write(&documents)
}

fn object(version: &str, kind: &str, name: &str) -> Node {
    Node::map().with("apiVersion", version).with("kind", kind).with("metadata", Node::map().with("name", name))
}

fn reference(version: &str, kind: &str, name: &str) -> Node {
    Node::map().with("ref", Node::map().with("apiVersion", version).with("kind", kind).with("name", name))
}

/// The ticks of a schedule; they go through the broker, which delivers them again if they fail.
fn ticks(manifest: &Manifest, broker: &str, function: &Entry) -> Node {
    let cron = sunday_as_0(function.resource.as_deref().unwrap_or_default());
    let overrides = Node::map().with("extensions", Node::map().with("schedule", function.name.as_str()));
    let spec = Node::map()
        .with("schedule", cron)
        .with("timezone", "UTC")
        .with("ceOverrides", overrides.told("Whose tick it is."))
        .with("sink", reference(EVENTING, "Broker", broker));
    object("sources.knative.dev/v1", "PingSource", &of_function(manifest, function))
        .with("spec", spec)
        .told(format!("{}: ticks", function.name))
}

fn trigger(manifest: &Manifest, place: &Place<'_>, broker: &str, dead_letters: &str, function: &Entry) -> Node {
    let mut metadata = Node::map().with("name", of_function(manifest, function));
    if function.ordered {
        let ordered = Node::from("ordered").told("For a broker of Kafka; others keep no order.");
        metadata = metadata.with("annotations", Node::map().with("kafka.eventing.knative.dev/delivery.order", ordered));
    }
    let spec = filter::members(Node::map().with("broker", broker), function)
        .with("subscriber", reference("serving.knative.dev/v1", "Service", &place.service))
        .with_some("delivery", delivery(dead_letters, function));
    let what = function.resource.as_deref().unwrap_or_default();
    Node::map()
        .with("apiVersion", EVENTING)
        .with("kind", "Trigger")
        .with("metadata", metadata)
        .with("spec", spec)
        .told(format!("{}: {} `{what}`", function.name, function.trigger))
}

/// How it is delivered, as far as the function says.
fn delivery(dead_letters: &str, function: &Entry) -> Option<Node> {
    let mut delivery = Node::map();
    if let Some(timeout) = function.timeout_ms {
        // Knative reads no finer fraction, and refuses what it takes for none at all.
        let tenths = timeout.div_ceil(100);
        let fraction = if tenths % 10 == 0 { String::new() } else { format!(".{}", tenths % 10) };
        delivery = delivery.with("timeout", format!("PT{}{fraction}S", tenths / 10));
    }
    if let Some(retries) = function.retries {
        delivery = delivery
            .with("retry", u64::from(retries))
            .with("backoffPolicy", "exponential")
            .with("backoffDelay", "PT1S")
            .with("deadLetterSink", reference(EVENTING, "Broker", dead_letters));
    }
    (!delivery.is_empty()).then_some(delivery)
}
