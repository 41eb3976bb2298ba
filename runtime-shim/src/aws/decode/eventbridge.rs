//! The envelope of EventBridge, from a bus or in a message of SQS.
//!
//! Source: [Events in EventBridge](https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html).

use bytes::Bytes;

use super::{
    arn,
    inner::Envelope,
    leaf::Leaf,
    members::members,
    place::time,
    s3::{self, Bucket, Content},
    value,
};
use crate::{
    Event, Provider, Trigger,
    event::{Action, Object, Schedule},
};

members! {
    /// What S3 says on the bus.
    struct Detail<'a> {
        bucket: Bucket<'a> = b"bucket",
        object: Content<'a> = b"object",
    }
}

/// A tick, a change of an object, or an event of its own kind. `from` is the bytes that the envelope stands in.
pub(super) fn event(from: &Bytes, envelope: &Envelope<'_>, raw: &Bytes) -> Event {
    let source = envelope.source.text().unwrap_or_default();
    let ty = envelope.detail_type.text().unwrap_or_default();
    let detail = envelope.detail.text().unwrap_or_default();
    let resource = envelope.resources.0.first().and_then(Leaf::text);
    let event = match source {
        "aws.events" | "aws.scheduler" if ty == "Scheduled Event" => {
            let schedule = Schedule { name: resource.and_then(arn::tail), scheduled_for: time(&envelope.time) };
            let tick = Event::new(Provider::Aws, Trigger::Schedule(schedule)).with_source(resource.unwrap_or(source));
            // A rule sends an empty object, and Scheduler the text of one.
            let empty = matches!(detail, "{}" | r#""{}""#);
            if empty { tick } else { tick.with_data(from.slice_ref(detail.as_bytes()), Some("application/json")) }
        }
        "aws.s3" if let Some((object, sequencer)) = object(ty, detail) => {
            let event = Event::new(Provider::Aws, Trigger::Object(Box::new(object))).with_source(resource.unwrap_or(source));
            match sequencer {
                Some(sequencer) => event.with_attribute("sequencer", sequencer),
                None => event,
            }
        }
        _ => custom(envelope, source, ty).with_data(from.slice_ref(detail.as_bytes()), Some("application/json")),
    };
    event.with_id(envelope.id.text().unwrap_or_default()).with_time(time(&envelope.time)).with_raw(raw.clone())
}

fn custom(envelope: &Envelope<'_>, source: &str, ty: &str) -> Event {
    let mut event = Event::new(Provider::Aws, Trigger::Event).with_type(ty).with_source(source);
    let resources = envelope.resources.0.iter().filter_map(Leaf::text).collect::<Vec<_>>().join(",");
    for (name, value) in [
        ("account", envelope.account.text()),
        ("region", envelope.region.text()),
        ("resources", Some(&*resources).filter(|resources| !resources.is_empty())),
        ("replay-name", envelope.replay_name.text()),
    ] {
        if let Some(value) = value {
            event = event.with_attribute(name, value);
        }
    }
    event
}

/// The object and its sequencer, unless it is another event of S3, as CloudTrail's. The key has no encoding here.
fn object(ty: &str, detail: &str) -> Option<(Object, Option<String>)> {
    let detail: Detail<'_> = value::whole(detail).ok()?;
    let (bucket, key) = (detail.bucket.name.text()?, detail.object.key.text()?);
    let action = match ty {
        "Object Created" => Action::Created,
        "Object Deleted" => Action::Deleted,
        "Object Restore Completed" => Action::Restored,
        "Object Access Tier Changed" | "Object Storage Class Changed" | "Object Restore Expired" => Action::Archived,
        _ => Action::Updated,
    };
    let sequencer = detail.object.sequencer.text().map(str::to_owned);
    Some((Object { action, ..s3::of(&detail.object, bucket, key.to_owned()) }, sequencer))
}
