//! A broker that sends CloudEvents over HTTP, one by one or in batches, and gives up after some attempts.
//!
//! Source: [HTTP protocol binding](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md),
//! [webhooks](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#2-delivering-notifications).

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Queue, Sent};
use crate::function::{RESOURCE, Run};

/// One event a request, in its headers.
pub(crate) fn binary(run: &Arc<Run>) -> Queue {
    let write = |run: &Run, sent: &[Sent]| {
        let sent = sent.first().unwrap();
        let headers = format!(
            "ce-specversion: 1.0\r\nce-id: m{}\r\nce-source: /s\r\nce-type: polyfn.queue.message\r\nce-queue: {RESOURCE}\r\n\
             ce-attempt: {}\r\nce-time: {}\r\ncontent-type: text/plain\r\n",
            sent.item,
            sent.attempt,
            time(run, sent.item)
        );
        request("/", &headers, &run.payload(sent.item))
    };
    Queue { breaks: true, ..Queue::new(run, write, refused) }
}

/// Several events a request: there is no answer for a part of them.
pub(crate) fn batched(run: &Arc<Run>) -> Queue {
    let write = |run: &Run, sent: &[Sent]| {
        let event = |sent: &Sent| -> Value {
            json!({
                "specversion": "1.0",
                "id": format!("m{}", sent.item),
                "source": "/s",
                "type": "polyfn.queue.message",
                "queue": RESOURCE,
                "time": time(run, sent.item),
                "datacontenttype": "text/plain",
                "data": run.payload(sent.item),
            })
        };
        let events: Vec<_> = sent.iter().map(event).collect();
        request("/", "content-type: application/cloudevents-batch+json\r\n", &Value::from(events).to_string())
    };
    Queue { batch: run.plan.batch, breaks: true, ..Queue::new(run, write, refused) }
}

fn time(run: &Run, item: usize) -> &'static str {
    if run.is_broken(item) { "soon" } else { "2024-05-01T10:00:00Z" }
}

fn refused(items: &[usize], answer: &Answer) -> Vec<bool> {
    vec![!(200..300).contains(&answer.status); items.len()]
}

/// A whole request to this path.
pub(super) fn request(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}")
        .into_bytes()
}
