use super::CloudEvent;
use crate::{DecodeError, Event, Trigger};

/// The CloudEvent that says all that the event does: what its trigger knows becomes extension attributes.
///
/// The other attributes keep their names, also those that CloudEvents do not allow, such as `content-type`.
///
/// # Errors
/// A request or a call: they are none.
impl TryFrom<&Event> for CloudEvent {
    type Error = DecodeError;

    fn try_from(event: &Event) -> Result<Self, DecodeError> {
        let mut extensions = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                extensions.push((name.to_owned(), value));
            }
        };
        let mut own = CloudEvent::of(event);
        match event.trigger().clone() {
            Trigger::Http(_) | Trigger::Direct => return Err(DecodeError::at("trigger", "a request or a call is no CloudEvent")),
            Trigger::Queue(queue) => {
                add("queue", queue.name);
                add("group", queue.group);
                add("sequence", queue.sequence);
            }
            Trigger::Topic(topic) => {
                add("topic", topic.name);
                add("messagesubject", topic.subject);
                add("orderingkey", topic.ordering_key);
            }
            Trigger::Stream(stream) => {
                add("stream", stream.name);
                add("partition", stream.partition);
                add("partitionkey", stream.partition_key);
                add("sequence", stream.sequence);
            }
            Trigger::Schedule(schedule) => {
                add("schedule", schedule.name);
                add("scheduledfor", schedule.scheduled_for.map(|time| time.to_string()));
            }
            Trigger::Object(object) => {
                add("bucket", Some(object.bucket));
                add("size", object.size.map(|size| size.to_string()));
                add("etag", object.etag);
                add("version", object.version);
                add("objecttype", object.content_type);
                own.subject = Some(object.key);
            }
            Trigger::Change(change) => {
                add("collection", change.collection);
                let members = [("key", change.key), ("before", change.before), ("after", change.after)];
                let members = members.into_iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", value?)));
                own.data = Some(format!("{{{}}}", members.collect::<Vec<_>>().join(",")).into());
                own.datacontenttype = Some("application/json".to_owned());
            }
            Trigger::Event => {}
        }
        if event.attempt() > 1 {
            add("attempt", Some(event.attempt().to_string()));
        }
        extensions.append(&mut own.extensions);
        Ok(CloudEvent { extensions, ..own })
    }
}
