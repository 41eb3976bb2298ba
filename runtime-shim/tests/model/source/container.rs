//! What sends CloudEvents over HTTP, one by one or in batches, and gives up after some attempts.
//!
//! Sources: [HTTP protocol binding](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md),
//! [webhooks](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#2-delivering-notifications),
//! [Knative](https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md#event-acknowledgement-and-delivery-retry).

use std::sync::Arc;

use polyfn_shim::{Provider, event::Kind};
use serde_json::{Value, json};

use super::{Answer, Meaning, Queue, Read, Sent, Setting, Source, Write};
use crate::function::Run;

/// One event a request, in its headers.
pub(crate) const WEBHOOK: Setting = on_container(Kind::Queue, |run| alone(run, webhook));

/// A broker of Knative.
pub(crate) const KNATIVE: Setting = on_container(Kind::Queue, |run| alone(run, knative));

/// Several events a request, of two queues: there is no answer for a part of them.
pub(crate) const BATCHES: Setting =
    Setting { mixed: true, ..on_container(Kind::Queue, |run| batched(run, |run, sent| batch(run, sent, message), webhook)) };

/// The same of events of two types, from a sender that takes what Knative takes for final.
pub(crate) const BATCHES_OF_TYPES: Setting =
    Setting { mixed: true, ..on_container(Kind::Event, |run| batched(run, |run, sent| batch(run, sent, custom), knative)) };

const fn on_container(kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Setting {
    Setting::new(Provider::Container, kind, source)
}

fn alone(run: &Arc<Run>, read: Read) -> Box<dyn Source> {
    let write = |run: &Run, sent: &[Sent]| {
        let Sent { item, attempt } = sent.first().unwrap();
        let headers = format!(
            "ce-specversion: 1.0\r\nce-id: m{item}\r\nce-source: /s\r\nce-type: polyfn.queue.message\r\nce-queue: {}\r\n\
             ce-attempt: {attempt}\r\nce-time: {}\r\ncontent-type: text/plain\r\n",
            run.resource(*item),
            time(run, *item)
        );
        request("/", &headers, &run.payload(*item))
    };
    Box::new(Queue { breaks: true, ..Queue::new(run, write, read) })
}

fn batched(run: &Arc<Run>, write: Write, read: Read) -> Box<dyn Source> {
    Box::new(Queue { batch: run.plan.batch, breaks: true, ..Queue::new(run, write, read) })
}

fn batch(run: &Run, sent: &[Sent], event: fn(&Run, usize) -> Value) -> Vec<u8> {
    let events = sent.iter().map(|sent| {
        let mut event = event(run, sent.item);
        event["specversion"] = "1.0".into();
        event["id"] = format!("m{}", sent.item).into();
        event["source"] = "/s".into();
        event["time"] = time(run, sent.item).into();
        event["data"] = run.payload(sent.item).into();
        event
    });
    let events: Vec<_> = events.collect();
    request("/", "content-type: application/cloudevents-batch+json\r\n", &Value::from(events).to_string())
}

fn message(run: &Run, item: usize) -> Value {
    json!({"type": "polyfn.queue.message", "queue": run.resource(item), "datacontenttype": "text/plain"})
}

fn custom(run: &Run, item: usize) -> Value {
    json!({"type": run.resource(item), "datacontenttype": "text/plain"})
}

fn time(run: &Run, item: usize) -> &'static str {
    if run.is_broken(item) { "soon" } else { "2024-05-01T10:00:00Z" }
}

/// A sender that follows the CloudEvents documents alone: a receiver that is gone is not asked again, and no other status forbids
/// it.
fn webhook(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let meaning = match answer.status {
        200..=299 => Meaning::Done,
        410 => Meaning::Final,
        _ => Meaning::Again,
    };
    vec![meaning; items.len()]
}

/// Of the statuses from 400 on only some are worth another attempt; what is not goes to the sink for dead letters, if there is one.
fn knative(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let meaning = match answer.status {
        200..=299 => Meaning::Done,
        404 | 409 | 429 | 500..=599 => Meaning::Again,
        _ => Meaning::Final,
    };
    vec![meaning; items.len()]
}

/// A whole request to this path.
pub(super) fn request(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}")
        .into_bytes()
}
