use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{ACCOUNT, REGION, events::time};
use crate::{Event, Trigger};

/// What SNS puts into the body of a message of SQS for a topic's event, where raw delivery is off.
pub fn notification(event: &Event) -> Bytes {
    Bytes::from(Value::Object(members(event)).to_string())
}

fn members(event: &Event) -> Map<String, Value> {
    let subject = match event.trigger() {
        Trigger::Topic(topic) => topic.subject.as_deref(),
        _ => None,
    };
    let attributes: Map<_, _> =
        event.attributes().iter().map(|(name, value)| (name.clone(), json!({"Type": "String", "Value": value}))).collect();
    super::object([
        ("Type", json!("Notification")),
        ("MessageId", json!(event.id())),
        ("TopicArn", json!(event.source())),
        ("Subject", json!(subject)),
        ("Message", json!(text(event))),
        ("Timestamp", time(event)),
        ("MessageAttributes", Value::Object(attributes)),
    ])
}

pub(super) fn sns(event: &Event) -> Option<Value> {
    let subscription = format!("{}:subscription", event.source());
    Some(json!({"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription, "Sns": members(event)}))
}

pub(super) fn sqs(event: &Event) -> Option<Value> {
    let Trigger::Queue(queue) = event.trigger() else { return None };
    let attributes: Map<_, _> = event
        .attributes()
        .iter()
        .map(|(name, value)| (name.clone(), json!({"dataType": "String", "stringValue": value})))
        .collect();
    let name = queue.name.as_deref().unwrap_or("queue");
    let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}");
    Some(json!({
        "messageId": event.id(), "receiptHandle": "handle", "body": text(event), "awsRegion": REGION,
        "attributes": {
            "ApproximateReceiveCount": event.attempt().to_string(),
            "SentTimestamp": event.time().map(|time| time.as_millis().to_string()),
            "MessageGroupId": queue.group, "SequenceNumber": queue.sequence,
        },
        "messageAttributes": attributes, "eventSource": "aws:sqs",
        "eventSourceARN": if event.source().is_empty() { &arn } else { event.source() },
    }))
}

/// A message is text; what is none cannot be sent as it is.
fn text(event: &Event) -> String {
    event.data().map(|data| String::from_utf8_lossy(data).into_owned()).unwrap_or_default()
}
