//! What the Functions host takes from its extensions and sends to the process.
//!
//! Sources: [Queue storage](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages),
//! [Service Bus](https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#peeklock-behavior),
//! [Event Hubs](https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing).

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Log, Queue, Sent, container::request};
use crate::function::{NAME, RESOURCE, Run};

/// A Storage queue: each message alone, and to the poison queue after five deliveries.
pub(crate) fn storage_queue(run: &Arc<Run>) -> Queue {
    let write = |run: &Run, sent: &[Sent]| {
        let sent = sent.first().unwrap();
        let metadata = json!({
            "DequeueCount": sent.attempt.to_string(),
            "Id": Value::from(format!("m{}", sent.item)).to_string(),
            "sys": {},
        });
        deliver(&json!({"Data": {"item": base64(&run.payload(sent.item))}, "Metadata": metadata}))
    };
    Queue::new(run, write, failed)
}

/// A Service Bus queue with sessions: a batch is of one session, and completed or abandoned whole.
pub(crate) fn service_bus(run: &Arc<Run>) -> Queue {
    let write = |run: &Run, sent: &[Sent]| {
        let list =
            |of: fn(&Run, &Sent) -> Value| Value::from(sent.iter().map(|sent| of(run, sent)).collect::<Vec<_>>()).to_string();
        let data = list(|run, sent| base64(&run.payload(sent.item)).into());
        let metadata = json!({
            "MessageIdArray": list(|_, sent| format!("m{}", sent.item).into()),
            "SessionIdArray": list(|run, sent| format!("g{}", run.plan.items[sent.item].group).into()),
            "DeliveryCountArray": list(|_, sent| sent.attempt.into()),
            "sys": {},
        });
        deliver(&json!({"Data": {"msg": data}, "Metadata": metadata}))
    };
    let queue = Queue::new(run, write, failed);
    Queue { batch: run.plan.batch, ordered: true, by_group: true, most: 6, ..queue }
}

/// An event hub whose function has a retry policy without an end.
pub(crate) fn event_hub(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let list =
            |of: fn(&Run, &Sent) -> Value| Value::from(sent.iter().map(|sent| of(run, sent)).collect::<Vec<_>>()).to_string();
        let partition = sent.first().map_or(0, |sent| run.plan.items[sent.item].group);
        let metadata = json!({
            "PartitionContext": {"EventHubName": RESOURCE, "PartitionId": partition.to_string()},
            "SequenceNumberArray": list(|_, sent| sent.item.into()),
            "RetryContext": {"RetryCount": sent.first().map_or(0, |sent| sent.attempt - 1), "MaxRetryCount": -1},
            "sys": {},
        });
        let data = list(|run, sent| base64(&run.payload(sent.item)).into());
        deliver(&json!({"Data": {"events": data}, "Metadata": metadata}))
    };
    let first = |items: &[usize], answer: &Answer| failed(items, answer).into_iter().position(|failed| failed);
    Log { most: None, has_dead_letters: false, ..Log::new(run, write, first) }
}

/// The same without a policy: the checkpoint moves on behind what has failed.
pub(crate) fn event_hub_without_retries(run: &Arc<Run>) -> Log {
    Log { most: Some(1), ..event_hub(run) }
}

/// The files that declare the function, of a source that a description alone does not tell.
pub(crate) fn service_bus_file() -> String {
    let binding = json!({
        "type": "serviceBusTrigger", "direction": "in", "name": "msg", "queueName": RESOURCE, "connection": "SB",
        "isSessionsEnabled": true, "cardinality": "many", "dataType": "binary",
    });
    json!({ "bindings": [binding] }).to_string()
}

fn base64(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}

fn deliver(body: &Value) -> Vec<u8> {
    let headers = "x-azure-functions-invocationid: 7f\r\ncontent-type: application/json; charset=utf-8\r\n";
    request(&format!("/{NAME}"), headers, &body.to_string())
}

/// An invocation is done if the answer is a 2xx that holds a JSON object; there is no answer for a part of it.
fn failed(items: &[usize], answer: &Answer) -> Vec<bool> {
    let done = (200..300).contains(&answer.status)
        && serde_json::from_slice::<Value>(&answer.body).is_ok_and(|answer| answer.get("Outputs").is_some());
    vec![!done; items.len()]
}
