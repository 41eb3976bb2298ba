//! What is looked for in a program's own description, one concern a file. They see no file and no cloud.

mod names;
mod options;
mod order;
mod replies;
mod routes;
mod same_names;

use polyfn_shim::{event::Kind, manifest::Manifest};

use super::{
    finding::Finding,
    lint::{NATIVE, PARTIAL, TRIGGER},
};
use crate::target::Target;

/// All that there is to say of a program on this provider, function by function.
pub(crate) fn findings(manifest: &Manifest, target: Target) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in &manifest.functions {
        let mut found = |lint, message: String| findings.push(Finding::of(lint, target, function, message));
        if let Some(resource) = &function.resource
            && target != Target::Container
            && !matches!(function.trigger, Kind::Schedule | Kind::Event)
            && resource.contains('*')
        {
            let kind = function.trigger;
            found(
                TRIGGER,
                format!("`{kind} = {resource:?}` stands for any {kind}, and a deployment is bound to one; write its name"),
            );
        }
        options::check(function, target, &mut found);
        order::check(function, target, &mut found);
        names::check(function, target, &mut found);
        routes::check(function, target, &mut found);
        replies::check(function, target, &mut found);
        if let Some(message) = comes_back_whole(function.trigger, function.batches, target) {
            found(PARTIAL, message.to_owned());
        }
        for why in &function.native {
            found(NATIVE, format!("{why}, which is another thing on each provider; take the common event's own fields"));
        }
    }
    same_names::check(manifest, target, &mut findings);
    findings
}

/// The host has no reply that names one event of a batch, so that one failure is all events' failure.
///
/// Source: [retries of Event Hubs](https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages) and
/// [Service Bus batches](https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger).
fn comes_back_whole(kind: Kind, batches: bool, target: Target) -> Option<&'static str> {
    match (target, kind) {
        (Target::Azure, Kind::Topic) if batches => {
            Some("Azure delivers all messages of a `Batch` again if one fails; take one `Message`, or let a repeat do no harm")
        }
        (Target::Azure, Kind::Stream | Kind::Change) => {
            Some("Azure delivers its events in batches, and all of a batch again if one fails; let a repeat do no harm")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
