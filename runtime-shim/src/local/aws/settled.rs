use bytes::Bytes;
use http::Response;
use serde_json::Value;

use super::FUNCTION_ERROR;
use crate::{Event, Trigger, aws::Shape, local::Settled};

/// What a source makes of the reply to a delivery: one answer for each record, in the order of `ids`.
///
/// The event source mapping is taken to have `ReportBatchItemFailures`. `ids` are what a reply calls the records, as
/// [`identifiers`] has them; a source whose replies name no records settles as many as there are `ids`, all alike. A stream
/// goes back to the first failure, so what is behind that comes again as well.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{aws::Shape, local::{Settled::{Acknowledged, Again}, aws::settled}};
///
/// let reply = http::Response::new(Bytes::from_static(br#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#));
/// assert_eq!(settled(Shape::Sqs, &["a", "b", "c"], &reply), [Acknowledged, Again, Acknowledged]);
/// assert_eq!(settled(Shape::Kinesis, &["a", "b", "c"], &reply), [Acknowledged, Again, Again]);
/// assert_eq!(settled(Shape::Sns, &["a"], &reply), [Acknowledged]);
/// ```
///
/// Sources: [SQS](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html),
/// [streams](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html),
/// [Kafka](https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html).
pub fn settled<I: AsRef<str>>(shape: Shape, ids: &[I], reply: &Response<Bytes>) -> Vec<Settled> {
    if !reply.status().is_success() || reply.headers().contains_key(FUNCTION_ERROR) {
        return vec![Settled::Again; ids.len()];
    }
    let takes_list =
        matches!(shape, Shape::Sqs | Shape::SqsFifo | Shape::DynamoDb | Shape::Kinesis | Shape::Kafka) && !ids.is_empty();
    if !takes_list {
        return vec![Settled::Acknowledged; ids.len()];
    }
    // A list that names a record that was not there says nothing of the ones that were.
    let failed = listed(reply.body()).filter(|listed| listed.iter().all(|id| ids.iter().any(|have| have.as_ref() == id)));
    let Some(failed) = failed else { return vec![Settled::Again; ids.len()] };
    let is_listed = |id: &I| failed.iter().any(|failed| failed == id.as_ref());
    let mut behind: Vec<&str> = Vec::new();
    let settled = ids.iter().map(|id| {
        let order = match shape {
            Shape::DynamoDb | Shape::Kinesis => Some(""),
            Shape::Kafka => Some(id.as_ref().rsplit_once('-').map_or("", |(partition, _)| partition)),
            _ => None,
        };
        let is_behind = order.is_some_and(|order| behind.contains(&order));
        if !is_listed(id) && !is_behind {
            return Settled::Acknowledged;
        }
        behind.extend(order);
        Settled::Again
    });
    settled.collect()
}

/// What a reply calls the records that [`events`](super::events()) writes: SQS' message ids, the sequence numbers of a
/// stream, and for Kafka, whose replies have an object, `TOPIC-PARTITION-OFFSET`.
pub fn identifiers(shape: Shape, events: &[Event]) -> Vec<String> {
    let identifier = |(index, event): (usize, &Event)| match (shape, event.trigger()) {
        // A change does not tell its number, so the encoder counts.
        (Shape::DynamoDb, _) => (index + 1).to_string(),
        (Shape::Kinesis, Trigger::Stream(stream)) => stream.sequence.clone().unwrap_or_default(),
        (Shape::Kafka, Trigger::Stream(stream)) => {
            let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "0".to_owned());
            let topic = stream.name.as_deref().unwrap_or_default();
            format!("{topic}-{}-{}", part(&stream.partition), part(&stream.sequence))
        }
        _ => event.id().to_owned(),
    };
    events.iter().enumerate().map(identifier).collect()
}

/// The records that a reply lists; `None` if it is malformed, which fails the whole batch.
fn listed(reply: &[u8]) -> Option<Vec<String>> {
    let failures = match serde_json::from_slice(reply).ok()? {
        Value::Null => return Some(Vec::new()),
        Value::Object(mut reply) => reply.remove("batchItemFailures"),
        _ => return None,
    };
    match failures {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(failures)) => failures.iter().map(|failure| id(failure.get("itemIdentifier")?)).collect(),
        Some(_) => None,
    }
}

fn id(identifier: &Value) -> Option<String> {
    match identifier {
        Value::String(id) => Some(id.clone()).filter(|id| !id.is_empty()),
        Value::Object(place) => {
            let partition = place.get("partition")?.as_str().filter(|partition| !partition.is_empty())?;
            Some(format!("{partition}-{}", place.get("offset")?.as_i64()?))
        }
        _ => None,
    }
}
