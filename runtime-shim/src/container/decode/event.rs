use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{
    DecodeError, Event, Provider, Trigger,
    cloudevents::CloudEvent,
    event::{Action, Change, Object, Queue, Schedule, Stream, Time, Topic},
};

/// The type of what a PingSource of Knative sends.
const PING: &str = "dev.knative.sources.ping";

/// What a CloudEvent is on a host without events of its own: a type that begins with `polyfn.` says which trigger, and
/// extension attributes carry that trigger's fields; every other type is a custom event.
///
/// | type | extension attributes |
/// |---|---|
/// | `polyfn.queue.message` | `queue`, `group`, `sequence` |
/// | `polyfn.topic.message` | `topic`, `messagesubject`, `orderingkey` |
/// | `polyfn.stream.record` | `stream`, `partition`, `partitionkey`, `sequence` |
/// | `polyfn.schedule.tick` | `schedule`, `scheduledfor` |
/// | `polyfn.object.created`, `.updated`, `.deleted`, `.archived`, `.restored` | `bucket`, `size`, `etag`, `version`, `objecttype`; the key is the `subject` |
/// | `polyfn.change.created`, `.updated`, `.deleted` | `collection`; the data is an object of `key`, `before` and `after`, where null is as good as none |
///
/// `attempt` says which delivery it is, on all of them. A [PingSource](https://knative.dev/docs/eventing/sources/ping-source/) of
/// Knative has a type of its own; its event is a tick if an extension attribute `schedule` says whose.
pub(super) fn decode(event: CloudEvent, raw: &Bytes) -> Result<Event, DecodeError> {
    let mut fields = Fields(event.extensions.clone());
    let kind = match event.ty.strip_prefix("polyfn.") {
        Some(kind) => kind,
        None if event.ty == PING && fields.has("schedule") => "schedule.tick",
        None => return Ok(event.into_event(Provider::Container, raw)),
    };
    let attempt = fields.number("attempt")?.unwrap_or(1);
    let attempt = u32::try_from(attempt).map_err(|_| DecodeError::at("attempt", "too large"))?;
    let trigger = match kind {
        "queue.message" => {
            Trigger::Queue(Queue { name: fields.take("queue"), group: fields.take("group"), sequence: fields.take("sequence") })
        }
        "topic.message" => Trigger::Topic(Topic {
            name: fields.take("topic"),
            subject: fields.take("messagesubject"),
            ordering_key: fields.take("orderingkey"),
        }),
        "stream.record" => Trigger::Stream(Stream {
            name: fields.take("stream"),
            partition: fields.take("partition"),
            partition_key: fields.take("partitionkey"),
            sequence: fields.take("sequence"),
        }),
        "schedule.tick" => {
            Trigger::Schedule(Schedule { name: fields.take("schedule"), scheduled_for: fields.time("scheduledfor")? })
        }
        kind => match kind.split_once('.') {
            Some(("object", action)) => Trigger::Object(Box::new(object(&event, read_action(action)?, &mut fields)?)),
            Some(("change", action)) => Trigger::Change(Box::new(change(&event, read_action(action)?, &mut fields)?)),
            _ => return Err(DecodeError::at("type", "no such type of polyfn's")),
        },
    };
    let is_change = matches!(trigger, Trigger::Change(_));
    let mut decoded = Event::new(Provider::Container, trigger)
        .with_id(event.id)
        .with_source(event.source)
        .with_time(event.time)
        .with_attempt(attempt)
        .with_raw(raw.clone());
    if !is_change {
        decoded = decoded.with_data(event.data.unwrap_or_default(), event.datacontenttype.as_deref());
    }
    if let Some(subject) = event.subject {
        decoded = decoded.with_subject(subject);
    }
    if let Some(dataschema) = event.dataschema {
        decoded = decoded.with_dataschema(dataschema);
    }
    Ok(fields.0.into_iter().fold(decoded, |decoded, (name, value)| decoded.with_attribute(name, value)))
}

fn read_action(action: &str) -> Result<Action, DecodeError> {
    [Action::Created, Action::Updated, Action::Deleted, Action::Archived, Action::Restored]
        .into_iter()
        .find(|known| known.as_str() == action)
        .ok_or_else(|| DecodeError::at("type", "ends in no known action"))
}

fn object(event: &CloudEvent, action: Action, fields: &mut Fields) -> Result<Object, DecodeError> {
    Ok(Object {
        action,
        bucket: fields.take("bucket").ok_or_else(|| DecodeError::at("bucket", "missing"))?,
        key: event.subject.clone().ok_or_else(|| DecodeError::at("subject", "missing, where the object's key stands"))?,
        size: fields.number("size")?,
        etag: fields.take("etag"),
        version: fields.take("version"),
        content_type: fields.take("objecttype"),
    })
}

fn change(event: &CloudEvent, action: Action, fields: &mut Fields) -> Result<Change, DecodeError> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Data<'a> {
        #[serde(borrow)]
        key: Option<&'a RawValue>,
        #[serde(borrow)]
        before: Option<&'a RawValue>,
        #[serde(borrow)]
        after: Option<&'a RawValue>,
    }
    let data = event.data.as_deref().map(serde_json::from_slice::<Data<'_>>);
    let data = data.unwrap_or(Ok(Data::default())).map_err(|error| DecodeError::json(error).under("data"))?;
    let text = |json: Option<&RawValue>| json.map(|json| json.get().to_owned());
    Ok(Change {
        action,
        collection: fields.take("collection"),
        key: text(data.key),
        before: text(data.before),
        after: text(data.after),
    })
}

/// Extension attributes, each taken once; what is left are attributes of the event.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(have, _)| have == name)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(have, _)| have == name)?;
        Some(self.0.remove(at).1)
    }

    fn number(&mut self, name: &str) -> Result<Option<u64>, DecodeError> {
        let parse = |text: String| text.parse().map_err(|_| DecodeError::at(name, "expected a whole number"));
        self.take(name).map(parse).transpose()
    }

    fn time(&mut self, name: &str) -> Result<Option<Time>, DecodeError> {
        let parse = |text: String| Time::parse(&text).ok_or_else(|| DecodeError::at(name, "not an RFC 3339 time"));
        self.take(name).map(parse).transpose()
    }
}
