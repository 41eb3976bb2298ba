use bytes::Bytes;
use serde_json::{Value, json, value::RawValue};

use super::{REGION, changes, messages, streams};
use crate::{Event, Trigger, aws::Shape, event::Action};

/// The delivery that this source would make of events; empty if the shape is none of [`Shape::EVENTS`].
///
/// Where an event lacks what its source always says, as a message its id, it is made up. What travels in a message is
/// the data of a queue's event: the delivery of S3 or EventBridge, or a [`notification`](super::notification()).
///
/// ```
/// use polyfn_shim::{Event, Provider, Trigger, aws, event::Queue, local};
///
/// let event = Event::new(Provider::Aws, Trigger::Queue(Queue::default())).with_id("m-1").with_data("hi", None);
/// let delivery = local::aws::events(aws::Shape::Sqs, &[event]);
/// let decoded = aws::decode(&delivery, &aws::Frame::default()).unwrap();
/// assert_eq!(decoded.events()[0].data().unwrap(), "hi");
/// ```
pub fn events(shape: Shape, events: &[Event]) -> Bytes {
    let records = |record: fn(&Event) -> Option<Value>| {
        json!({"Records": events.iter().filter_map(record).collect::<Vec<_>>()}).to_string()
    };
    let json = match shape {
        Shape::Sqs | Shape::SqsFifo => records(messages::sqs),
        Shape::Sns => records(messages::sns),
        Shape::S3 => records(s3),
        Shape::EventBridge => events.first().map(|event| bridge(event).to_string()).unwrap_or_default(),
        Shape::DynamoDb => changes::dynamodb(events),
        Shape::DocumentDb => changes::documentdb(events),
        Shape::Kinesis => streams::kinesis(events),
        Shape::Kafka => streams::kafka(events),
        _ => String::new(),
    };
    Bytes::from(json)
}

/// The time as text, or nothing.
pub(super) fn time(event: &Event) -> Value {
    event.time().map_or(Value::Null, |time| json!(time.to_string()))
}

fn s3(event: &Event) -> Option<Value> {
    let Trigger::Object(object) = event.trigger() else { return None };
    let name = match object.action {
        Action::Created => "ObjectCreated:Put",
        Action::Updated => "ObjectTagging:Put",
        Action::Deleted => "ObjectRemoved:Delete",
        Action::Archived => "LifecycleTransition",
        Action::Restored => "ObjectRestore:Completed",
    };
    let sequencer = event.attribute("sequencer");
    let id = event.id();
    let request = sequencer.and_then(|sequencer| id.strip_suffix(sequencer)?.strip_suffix('-')).unwrap_or(id);
    let key: String = percent_encoding::utf8_percent_encode(&object.key, percent_encoding::NON_ALPHANUMERIC).collect();
    Some(json!({
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": REGION, "eventTime": time(event), "eventName": name,
        "responseElements": {"x-amz-request-id": request},
        "s3": {
            "bucket": {"name": object.bucket, "arn": event.source()},
            "object": {"key": key.replace("%20", "+"), "size": object.size, "eTag": object.etag,
                "versionId": object.version, "sequencer": sequencer},
        },
    }))
}

/// One event in the envelope of EventBridge.
fn bridge(event: &Event) -> Box<RawValue> {
    let (source, ty, resource, detail) = match event.trigger() {
        Trigger::Schedule(_) => {
            // Scheduler writes the empty object of a rule as text.
            let (source, empty) =
                if event.source().contains(":scheduler:") { ("aws.scheduler", r#""{}""#) } else { ("aws.events", "{}") };
            let detail = if event.data().is_some() { detail(event) } else { empty.to_owned() };
            (source, "Scheduled Event", Some(event.source()), detail)
        }
        Trigger::Object(object) => {
            let ty = match object.action {
                Action::Created => "Object Created",
                Action::Updated => "Object Tags Added",
                Action::Deleted => "Object Deleted",
                Action::Archived => "Object Storage Class Changed",
                Action::Restored => "Object Restore Completed",
            };
            let detail = json!({"bucket": {"name": object.bucket}, "object": {"key": object.key, "size": object.size,
                "etag": object.etag, "version-id": object.version, "sequencer": event.attribute("sequencer")}});
            ("aws.s3", ty, Some(event.source()), detail.to_string())
        }
        _ => (event.source(), event.ty(), event.attribute("resources"), detail(event)),
    };
    let resources: Vec<_> = resource.into_iter().flat_map(|list| list.split(',')).collect();
    let (account, region) = (event.attribute("account"), event.attribute("region"));
    let head = json!({"version": "0", "id": event.id(), "detail-type": ty, "source": source, "account": account,
        "time": time(event), "region": region, "resources": resources, "replay-name": event.attribute("replay-name")});
    // The detail is the event's own text, so it is put behind the other members as it is.
    let head = head.to_string();
    let json = format!("{},\"detail\":{detail}}}", head.strip_suffix('}').unwrap_or(&head));
    RawValue::from_string(json).unwrap_or_default()
}

fn detail(event: &Event) -> String {
    let data = event.data().and_then(|data| std::str::from_utf8(data).ok());
    data.map_or_else(|| "{}".to_owned(), str::to_owned)
}
