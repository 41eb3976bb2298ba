use polyfn_shim::{Trigger, event::Action};

use super::{
    Row, Seen,
    edit::{add, by_name, digits_as_text, fits_header, has_digits, headers, http, name, set_headers, stream},
};

const PUSH: &str = "https://cloud.google.com/pubsub/docs/push";
const EVENTARC: &str = "https://github.com/googleapis/google-cloudevents";
const LEGACY: &str = "https://github.com/GoogleCloudPlatform/functions-framework-conformance";
const NEWS: &str = "https://cloud.google.com/storage/docs/pubsub-notifications";
const DATASTORE: &str =
    "https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/datastore/v1/data.proto";
const FIRESTORE: &str =
    "https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto";

pub(super) const ROWS: &[Row] = &[
    Row {
        form: "gcp/http",
        source: "https://cloud.google.com/run/docs/container-contract",
        refuses: |_| false,
        // The front end adds who called and how; headers of different names have no order in HTTP.
        arrives: |seen| {
            let id = seen.id.clone();
            let http = http(seen);
            let ip = http.client_ip.expect("a caller of the corpus has an address").to_string();
            let mut groups = headers(http);
            groups.retain(|(name, _)| name != "x-forwarded-for");
            let claimed = http.headers.text("x-forwarded-for").map(|claimed| format!("{claimed},")).unwrap_or_default();
            set_headers(http, &groups);
            add(http, "x-forwarded-for", &format!("{claimed}{ip}"));
            add(http, "x-forwarded-proto", "https");
            add(http, "forwarded", &format!("for=\"{ip}\";proto=https"));
            add(http, "function-execution-id", &id);
        },
        unordered: by_name,
    },
    Row {
        form: "gcp/direct",
        source: "https://github.com/GoogleCloudPlatform/functions-framework",
        refuses: |_| false,
        arrives: |_| {},
        unordered: |_| {},
    },
    Row {
        form: "gcp/tasks",
        source: "https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler",
        refuses: |seen| !fits_header(&seen.id),
        // A task has a name, a body and the count of its tries.
        arrives: |seen| {
            seen.time = None;
            seen.attributes.clear();
            if let Trigger::Queue(queue) = &mut seen.trigger {
                (queue.group, queue.sequence) = (None, None);
            }
        },
        unordered: |_| {},
    },
    Row { form: "gcp/wrapped-push", source: PUSH, refuses: |_| false, arrives: message, unordered: |_| {} },
    Row {
        form: "gcp/unwrapped-push",
        source: "https://cloud.google.com/pubsub/docs/payload-unwrapping",
        refuses: |seen| {
            let key = match &seen.trigger {
                Trigger::Topic(topic) => topic.ordering_key.as_deref(),
                Trigger::Stream(stream) => stream.partition_key.as_deref(),
                _ => None,
            };
            let attributes = seen.attributes.iter().map(|(_, value)| value.as_str());
            attributes.chain(key).any(|text| !fits_header(text))
        },
        // Which headers are attributes cannot be told, and the try is not.
        arrives: |seen| {
            message(seen);
            seen.attributes.clear();
            seen.attempt = 1;
        },
        unordered: |_| {},
    },
    Row {
        form: "gcp/eventarc",
        source: EVENTARC,
        refuses: |seen| match &seen.trigger {
            Trigger::Object(object) => object.action == Action::Restored || !fits_header(&object.key),
            _ => seen.subject.as_deref().is_some_and(|subject| !fits_header(subject)),
        },
        arrives: cloud_event,
        unordered: |_| {},
    },
    Row { form: "gcp/structured", source: EVENTARC, refuses: is_restored, arrives: cloud_event, unordered: |_| {} },
    Row {
        form: "gcp/fallback",
        source: "https://github.com/firebase/firebase-functions/issues/1922",
        refuses: is_restored,
        arrives: |seen| {
            cloud_event(seen);
            seen.via.push("//pubsub.googleapis.com/projects/local/subscriptions/eventarc-local".to_owned());
        },
        unordered: |_| {},
    },
    Row { form: "gcp/notification", source: NEWS, refuses: is_restored, arrives: |seen| news(seen, true), unordered: |_| {} },
    Row {
        form: "gcp/notification-without-payload",
        source: NEWS,
        refuses: is_restored,
        arrives: |seen| news(seen, false),
        unordered: |_| {},
    },
    Row {
        form: "gcp/scheduler",
        source: "https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#httptarget",
        refuses: |_| false,
        // A run has no id but its job and its time.
        arrives: |seen| seen.id = format!("{}/{}", name(seen), seen.time.clone().unwrap_or_default()),
        unordered: |_| {},
    },
    Row {
        form: "gcp/change-firestore-protobuf",
        source: FIRESTORE,
        refuses: is_too_large,
        arrives: |seen| document(seen, "firestore"),
        unordered: |_| {},
    },
    Row {
        form: "gcp/change-firestore-json",
        source: FIRESTORE,
        refuses: is_too_large,
        arrives: |seen| document(seen, "firestore"),
        unordered: |_| {},
    },
    Row {
        form: "gcp/change-datastore-protobuf",
        source: DATASTORE,
        refuses: is_too_large,
        arrives: |seen| document(seen, "datastore"),
        unordered: |_| {},
    },
    Row {
        form: "gcp/change-datastore-json",
        source: DATASTORE,
        refuses: is_too_large,
        arrives: |seen| document(seen, "datastore"),
        unordered: |_| {},
    },
    Row {
        form: "gcp/change-realtime-database",
        source: "https://firebase.google.com/docs/database/usage/limits#data_tree",
        refuses: |_| false,
        arrives: reference,
        unordered: |_| {},
    },
    Row {
        form: "gcp/legacy",
        source: LEGACY,
        // Of custom events there were those of three products.
        refuses: |seen| match &seen.trigger {
            Trigger::Event => !seen.id.starts_with("event-firebase-"),
            _ => is_restored(seen) || is_too_large(seen),
        },
        // Nothing tells the attempt, the attributes of anything but a message, or its key.
        arrives: |seen| match &mut seen.trigger {
            Trigger::Object(object) => {
                seen.subject = Some(format!("objects/{}", object.key));
                seen.attributes.clear();
                seen.source = format!("//storage.googleapis.com/projects/_/buckets/{}", name(seen));
            }
            Trigger::Change(_) => document(seen, "firestore"),
            Trigger::Event => {}
            _ => {
                message(seen);
                seen.attempt = 1;
                match &mut seen.trigger {
                    Trigger::Topic(topic) => topic.ordering_key = None,
                    Trigger::Stream(stream) => stream.partition_key = None,
                    _ => {}
                }
            }
        },
        // The attributes of a message are a map.
        unordered: |seen| seen.attributes.sort(),
    },
    Row { form: "gcp/legacy-realtime-database", source: LEGACY, refuses: |_| false, arrives: reference, unordered: |_| {} },
];

/// A member of a Realtime Database that is null is not there, and a number that plain JSON does not carry is its digits.
fn reference(seen: &mut Seen) {
    seen.source = "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/local".to_owned();
    seen.subject = Some("refs/users/7".to_owned());
    if let Trigger::Change(change) = &mut seen.trigger {
        change.key = Some("\"7\"".to_owned());
        digits_as_text(&mut change.after);
        change.after = change.after.take().map(|after| after.replace(",\"gone\":null", ""));
    }
}

fn is_restored(seen: &Seen) -> bool {
    matches!(&seen.trigger, Trigger::Object(object) if object.action == Action::Restored)
}

/// A whole number has 64 bits.
fn is_too_large(seen: &Seen) -> bool {
    matches!(&seen.trigger, Trigger::Change(change) if has_digits(change.after.as_ref()))
}

/// A message has no subject; its media type is an attribute; a stream is a topic with ordering keys.
fn message(seen: &mut Seen) {
    seen.source = format!("//pubsub.googleapis.com/projects/local/topics/{}", name(seen));
    if let Some(media_type) = &seen.datacontenttype {
        seen.attributes.push(("content-type".to_owned(), media_type.clone()));
    }
    if let Trigger::Topic(topic) = &mut seen.trigger {
        topic.subject = None;
    }
    if let Some(stream) = stream(seen) {
        (stream.partition, stream.sequence) = (None, None);
    }
}

fn cloud_event(seen: &mut Seen) {
    match &seen.trigger {
        Trigger::Object(object) => {
            seen.subject = Some(format!("objects/{}", object.key));
            seen.attributes.push(("bucket".to_owned(), object.bucket.clone()));
            seen.source = format!("//storage.googleapis.com/projects/_/buckets/{}", name(seen));
        }
        Trigger::Event => {}
        _ => message(seen),
    }
}

fn news(seen: &mut Seen, payload: bool) {
    let bucket = name(seen);
    seen.source = format!("//storage.googleapis.com/projects/_/buckets/{bucket}");
    seen.via.push(format!("//pubsub.googleapis.com/projects/local/subscriptions/{bucket}-push"));
    let Trigger::Object(object) = &mut seen.trigger else { return };
    let kind = match object.action {
        Action::Created => "OBJECT_FINALIZE",
        Action::Deleted => "OBJECT_DELETE",
        Action::Archived => "OBJECT_ARCHIVE",
        _ => "OBJECT_METADATA_UPDATE",
    };
    let attributes = [
        ("eventType", Some(kind.to_owned())),
        ("bucketId", Some(bucket)),
        ("objectId", Some(object.key.clone())),
        ("objectGeneration", object.version.clone()),
        ("eventTime", seen.time.clone()),
        ("payloadFormat", Some(if payload { "JSON_API_V1" } else { "NONE" }.to_owned())),
    ];
    seen.attributes.extend(attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    if !payload {
        (object.size, object.etag, object.content_type) = (None, None, None);
    }
}

fn document(seen: &mut Seen, product: &str) {
    seen.source = format!("//{product}.googleapis.com/projects/local/databases/(default)");
    let id = if product == "datastore" { "__id7__" } else { "7" };
    seen.subject = Some(format!("documents/users/{id}"));
    if let Trigger::Change(change) = &mut seen.trigger {
        change.key = Some("\"7\"".to_owned());
    }
}
