//! SQS, Kinesis, DynamoDB and asynchronous invokes, as section 4 of Lambda's contract has them.
//!
//! Sources: [SQS](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html),
//! [streams](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html),
//! [asynchronous invokes](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Log, Queue, Sent};
use crate::function::{RESOURCE, Run};

/// A standard queue: in no order, and perhaps more than once.
pub(crate) fn standard(run: &Arc<Run>) -> Queue {
    Queue { batch: run.plan.batch, ..Queue::new(run, |run, sent| messages(run, sent, ""), not_deleted) }
}

/// A FIFO queue: a group waits for what is out of it or has failed.
pub(crate) fn fifo(run: &Arc<Run>) -> Queue {
    let queue = Queue::new(run, |run, sent| messages(run, sent, ".fifo"), not_deleted);
    Queue { batch: run.plan.batch, ordered: true, at_least_once: false, ..queue }
}

/// SNS, which invokes asynchronously: two more attempts.
pub(crate) fn topic(run: &Arc<Run>) -> Queue {
    let write = |run: &Run, sent: &[Sent]| {
        let records: Vec<_> = sent
            .iter()
            .map(|sent| {
                let message = json!({
                    "Type": "Notification",
                    "MessageId": format!("m{}", sent.item),
                    "TopicArn": format!("arn:aws:sns:eu-west-1:1:{RESOURCE}"),
                    "Message": run.payload(sent.item),
                });
                json!({"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": message})
            })
            .collect();
        json!({ "Records": records }).to_string().into_bytes()
    };
    Queue { most: 3, ..Queue::new(run, write, |items, answer| vec![answer.status != 200; items.len()]) }
}

pub(crate) fn kinesis(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let record = |sent: &Sent| {
            let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, run.payload(sent.item));
            let shard = format!("shardId-{:012}", run.plan.items[sent.item].group);
            json!({
                "eventSource": "aws:kinesis",
                "eventID": format!("{shard}:{}", sequence(sent.item)),
                "eventSourceARN": format!("arn:aws:kinesis:eu-west-1:1:stream/{RESOURCE}"),
                "kinesis": {"sequenceNumber": sequence(sent.item), "partitionKey": "k", "data": data},
            })
        };
        json!({ "Records": sent.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
    };
    Log::new(run, write, first_failed)
}

pub(crate) fn dynamodb(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let record = |sent: &Sent| {
            json!({
                "eventSource": "aws:dynamodb",
                "eventID": format!("e{}", sent.item),
                "eventName": "MODIFY",
                "eventSourceARN": format!("arn:aws:dynamodb:eu-west-1:1:table/{RESOURCE}/stream/2024-05-01T10:00:00.000"),
                "dynamodb": {
                    "Keys": {"id": {"N": sent.item.to_string()}},
                    "NewImage": {"text": {"S": run.payload(sent.item)}},
                    "SequenceNumber": sequence(sent.item),
                },
            })
        };
        json!({ "Records": sent.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
    };
    Log::new(run, write, first_failed)
}

fn messages(run: &Run, sent: &[Sent], suffix: &str) -> Vec<u8> {
    let record = |sent: &Sent| {
        // Standard queues have groups as well, which say nothing of order.
        let attributes = json!({
            "ApproximateReceiveCount": sent.attempt.to_string(),
            "MessageGroupId": format!("g{}", run.plan.items[sent.item].group),
        });
        json!({
            "eventSource": "aws:sqs",
            "messageId": format!("m{}", sent.item),
            "eventSourceARN": format!("arn:aws:sqs:eu-west-1:1:{RESOURCE}{suffix}"),
            "attributes": attributes,
            "body": run.payload(sent.item),
        })
    };
    json!({ "Records": sent.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
}

/// Longer than a u64, as they are.
fn sequence(item: usize) -> String {
    format!("49590338271490256608559692538361{item:06}")
}

/// What a reply lists; `None` if all has failed: by an error, or by a reply that is none.
fn listed(answer: &Answer) -> Option<Vec<String>> {
    if answer.status != 200 {
        return None;
    }
    match serde_json::from_slice(&answer.body).ok()? {
        Value::Null => Some(Vec::new()),
        Value::Object(reply) => match reply.get("batchItemFailures") {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(failures)) => failures
                .iter()
                .map(|failure| Some(failure["itemIdentifier"].as_str().filter(|id| !id.is_empty())?.to_owned()))
                .collect(),
            Some(_) => None,
        },
        _ => None,
    }
}

/// Which messages stay in the queue: those that the reply lists, or all if it lists one that was not in the batch.
fn not_deleted(items: &[usize], answer: &Answer) -> Vec<bool> {
    let ids: Vec<_> = items.iter().map(|item| format!("m{item}")).collect();
    match listed(answer).filter(|listed| listed.iter().all(|id| ids.contains(id))) {
        Some(listed) => ids.iter().map(|id| listed.contains(id)).collect(),
        None => vec![true; items.len()],
    }
}

/// Lambda goes back to the lowest sequence number that the reply lists.
fn first_failed(items: &[usize], answer: &Answer) -> Option<usize> {
    let numbers: Vec<_> = items.iter().map(|item| sequence(*item)).collect();
    match listed(answer).map(|listed| listed.iter().map(|id| numbers.iter().position(|number| number == id)).collect()) {
        Some(Some(places)) => Vec::<usize>::into_iter(places).min(),
        Some(None) | None => Some(0),
    }
}
