//! Pub/Sub push, with ordering keys and without.
//!
//! Source: [push subscriptions](https://cloud.google.com/pubsub/docs/push), and
//! [ordering](https://cloud.google.com/pubsub/docs/ordering).

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Queue, Sent, container::request};
use crate::function::{RESOURCE, Run};

pub(crate) fn push(run: &Arc<Run>) -> Queue {
    Queue { breaks: true, ..Queue::new(run, |run, sent| message(run, sent, false), not_acknowledged) }
}

/// The next message of a key is sent when the one before it is acknowledged.
pub(crate) fn ordered_push(run: &Arc<Run>) -> Queue {
    Queue { ordered: true, breaks: true, ..Queue::new(run, |run, sent| message(run, sent, true), not_acknowledged) }
}

fn message(run: &Run, sent: &[Sent], ordered: bool) -> Vec<u8> {
    let sent = sent.first().unwrap();
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, run.payload(sent.item));
    let data = if run.is_broken(sent.item) { "%%%".to_owned() } else { data };
    let mut message = json!({"data": data, "messageId": sent.item.to_string(), "publishTime": "2024-05-01T10:00:00Z"});
    if ordered {
        message["orderingKey"] = format!("g{}", run.plan.items[sent.item].group).into();
    }
    let body = json!({"message": message, "subscription": "projects/p/subscriptions/s", "deliveryAttempt": sent.attempt});
    // The topic is in the path, as the deployment has it.
    request(&format!("/projects/p/topics/{RESOURCE}"), "content-type: application/json\r\n", &body.to_string())
}

/// Every other status is a refusal, also 203, 205 and 206.
fn not_acknowledged(items: &[usize], answer: &Answer) -> Vec<bool> {
    vec![!matches!(answer.status, 102 | 200 | 201 | 202 | 204); items.len()]
}
