//! The calls of `deploy.sh` that make what triggers one function.

use polyfn_shim::{
    event::{Action, Kind},
    manifest::{Entry, Manifest},
};

use super::{
    name,
    place::{Place, TIMEOUT},
    service::LONGEST,
    shell::{comment, pair, word},
    taken::AUDIT_LOG,
};
use crate::manifest::seconds;

/// What starts a function, as Google has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Callers of its own.
    Requests,
    /// A queue of Cloud Tasks.
    Tasks,
    /// A topic that pushes to it.
    Push { ordered: bool },
    /// A topic, by a trigger of Eventarc: that can give a message up after one delivery.
    Once,
    /// A bucket, by Eventarc.
    Bucket,
    /// Firestore, by Eventarc.
    Documents,
    /// A channel of the program's own, by Eventarc.
    Channel,
    /// A service of Google's, by Eventarc.
    Google,
    /// A job of Cloud Scheduler.
    Job,
}

impl Source {
    /// What starts this function. Tasks have no order, so a queue that keeps one is a topic with ordering keys.
    pub(super) fn of(function: &Entry) -> Self {
        match function.trigger {
            Kind::Http | Kind::Direct => Self::Requests,
            Kind::Queue if !function.ordered => Self::Tasks,
            Kind::Topic if !function.ordered && function.retries == Some(0) => Self::Once,
            Kind::Topic => Self::Push { ordered: function.ordered },
            Kind::Queue | Kind::Stream => Self::Push { ordered: true },
            Kind::Object => Self::Bucket,
            Kind::Change => Self::Documents,
            Kind::Event if resource(function).starts_with("google.") => Self::Google,
            Kind::Event => Self::Channel,
            Kind::Schedule => Self::Job,
        }
    }

    /// Whether a subscription of Pub/Sub stands in between.
    pub(super) fn is_subscribed(self) -> bool {
        self.is_triggered() || matches!(self, Self::Push { .. })
    }

    /// Whether it is a trigger of Eventarc.
    pub(super) fn is_triggered(self) -> bool {
        matches!(self, Self::Once | Self::Bucket | Self::Documents | Self::Channel | Self::Google)
    }
}

/// The lines that make what triggers a function; none for one that is called. The service's address is in `$url`.
pub(super) fn lines(manifest: &Manifest, place: &Place<'_>, function: &Entry) -> Vec<String> {
    let source = Source::of(function);
    let resource = resource(function);
    let name = name::of_function(manifest, function, "");
    let service = &place.service;
    let wait = deadline(function, 10, 600);
    let deliveries = deliveries(function);
    let filter = |key: &str, value: &str| pair("--event-filters", key, value);
    let typed = |ty: &str| filter("type", ty);
    match source {
        Source::Requests => Vec::new(),
        Source::Tasks => {
            // A hundred is what a queue has if nobody says.
            let attempts = function.retries.map_or(100, |retries| retries.saturating_add(1));
            vec![
                "# How long it waits for an answer, each task says itself.".to_owned(),
                format!("queue {} \"$url\" {attempts}", word(resource)),
            ]
        }
        Source::Push { ordered } => {
            let order = if ordered { "ordered" } else { "unordered" };
            // No fewer are possible there.
            let deliveries = if deliveries == 1 { 5 } else { deliveries };
            vec![format!("push {name} {} \"$url\" {order} {wait} {deliveries}", word(resource))]
        }
        Source::Once => vec![
            format!("topic {}", word(resource)),
            format!(
                "trigger {name} \"$REGION\" {service} {wait} 1 --transport-topic=\"projects/$PROJECT/topics/\"{} \\\n  {}",
                word(resource),
                typed("google.cloud.pubsub.topic.v1.messagePublished")
            ),
        ],
        Source::Bucket => {
            let mut lines = Vec::new();
            if !function.prefix.is_empty() || !function.suffix.is_empty() {
                lines.push("# Keys are the function's own to choose: Eventarc filters by bucket alone.".to_owned());
            }
            lines.push(format!("location=$(bucket_location {})", word(resource)));
            for (action, ty) in actions(&function.on) {
                let name = name::of_function(manifest, function, action);
                let (ty, bucket) = (typed(&format!("google.cloud.storage.object.v1.{ty}")), filter("bucket", resource));
                lines.push(format!("trigger {name} \"$location\" {service} {wait} {deliveries} \\\n  {ty} {bucket}"));
            }
            lines
        }
        Source::Documents => {
            let document = pair("--event-filters-path-pattern", "document", &format!("{resource}/{{document}}"));
            vec![
                "# A function that writes to the collection it hears of calls itself without end.".to_owned(),
                "location=$(cloud firestore databases describe --database=\"$DATABASE\" --format='value(locationId)')".to_owned(),
                format!(
                    "trigger {name} \"$location\" {service} {wait} {deliveries} --event-data-content-type=application/protobuf \\\n  {} \\\n  --event-filters=database=\"$DATABASE\" {document}",
                    typed("google.cloud.firestore.document.v1.written")
                ),
            ]
        }
        Source::Channel => vec![format!(
            "trigger {name} \"$REGION\" {service} {wait} {deliveries} --channel=\"projects/$PROJECT/locations/$REGION/channels/{}\" \\\n  {}",
            name::channel(manifest),
            typed(resource)
        )],
        Source::Google => {
            let mut line = format!("trigger {name} \"$REGION\" {service} {wait} {deliveries} \\\n  {}", typed(resource));
            if let Some((service, method)) = audited(function) {
                line += &format!(" \\\n  --event-filters=serviceName=\"${service}\" --event-filters=methodName=\"${method}\"");
            }
            vec![line]
        }
        Source::Job => vec![format!(
            "job {} \"$url\" {} {} {}",
            word(&function.name),
            word(resource),
            deadline(function, 15, 1800),
            function.retries.unwrap_or(0).min(5)
        )],
    }
}

/// What a function is and does, in a line.
pub(super) fn title(function: &Entry) -> String {
    let of = match function.trigger {
        Kind::Http => match (&function.path, function.methods.join("|")) {
            (Some(path), methods) if methods.is_empty() => format!("`{path}`"),
            (Some(path), methods) => format!("`{methods} {path}`"),
            (None, _) => "every request".to_owned(),
        },
        Kind::Direct => "direct calls".to_owned(),
        kind => format!("{kind} `{}`", resource(function)),
    };
    comment(&format!("# {}: {of}", function.name))
}

/// The variables that name which audit logs a function hears of.
pub(super) fn audited(function: &Entry) -> Option<(String, String)> {
    let name = function.name.to_ascii_uppercase().replace('-', "_");
    let of = function.trigger == Kind::Event && resource(function) == AUDIT_LOG;
    of.then(|| (format!("{name}_SERVICE"), format!("{name}_METHOD")))
}

/// What Google does otherwise than these functions ask.
pub(super) fn warnings(manifest: &Manifest) -> Vec<String> {
    let of = |function: &Entry| match (Source::of(function), function.retries) {
        (Source::Push { .. }, Some(0)) => Some(format!(
            "`{}`: Pub/Sub delivers a message at least five times before it gives it up, also with `retries = 0`",
            function.name
        )),
        (source, Some(0)) if source.is_triggered() => Some(format!(
            "`{}`: `retries = 0` needs a gcloud that knows `eventarc triggers create --max-retry-attempts`; older ones refuse it",
            function.name
        )),
        (Source::Requests, _) if seconds(function, 0) > LONGEST => Some(format!(
            "`{}`: Cloud Run waits at most 60 minutes for an answer; write `timeout = \"1h\"` or less",
            function.name
        )),
        _ => None,
    };
    manifest.functions.iter().filter_map(of).collect()
}

fn resource(function: &Entry) -> &str {
    function.resource.as_deref().unwrap_or_default()
}

/// For how many seconds the source waits for an answer, within its bounds.
fn deadline(function: &Entry, least: u64, most: u64) -> u64 {
    seconds(function, TIMEOUT).clamp(least, most)
}

/// How often a message is delivered before it is given up: 1, 5 to 100 as Pub/Sub has it, or 0 for no end.
///
/// Source: [Dead-letter topics](https://cloud.google.com/pubsub/docs/handling-failures#dead_letter_topic).
fn deliveries(function: &Entry) -> u32 {
    match function.retries {
        None => 0,
        Some(0) => 1,
        Some(retries) => retries.saturating_add(1).clamp(5, 100),
    }
}

/// What Cloud Storage calls what is done to an object; it never tells of a restored one.
fn actions(on: &[Action]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        (Action::Created, "finalized"),
        (Action::Deleted, "deleted"),
        (Action::Archived, "archived"),
        (Action::Updated, "metadataUpdated"),
    ];
    all.into_iter().filter(|(action, _)| on.is_empty() || on.contains(action)).map(|(action, ty)| (action.as_str(), ty))
}
