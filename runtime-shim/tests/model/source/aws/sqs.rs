//! Queues, and what comes through them.
//!
//! Source: [errors of SQS](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).

use std::sync::Arc;

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Answer, Meaning, Queue, Sent, Setting, Source},
    invoke::{notification, object},
    listed, on_lambda,
};
use crate::function::Run;

/// A standard queue: in no order, and perhaps more than once.
pub(crate) const STANDARD: Setting = on_lambda(Kind::Queue, |run| queue(run, |run, sent| messages(run, sent, "orders", text)));

/// The same on an instance that takes three deliveries at once.
pub(crate) const MANAGED: Setting = Setting { env: &[("AWS_LAMBDA_MAX_CONCURRENCY", "3")], ..STANDARD };

/// A FIFO queue: a group waits for what is out of it or has failed.
pub(crate) const FIFO: Setting = on_lambda(Kind::Queue, |run| fifo(run, |run, sent| messages(run, sent, "orders.fifo", text)));

/// A FIFO queue whose order the host is not told of.
pub(crate) const FIFO_TAKEN_FOR_STANDARD: Setting =
    on_lambda(Kind::Queue, |run| fifo(run, |run, sent| messages(run, sent, "orders", text)));

/// Two topics that one queue is subscribed to.
pub(crate) const TOPICS: Setting =
    Setting { mixed: true, ..on_lambda(Kind::Topic, |run| queue(run, |run, sent| messages(run, sent, "inbox", published))) };

/// The same with an order, which goes across the topics.
pub(crate) const TOPICS_IN_ORDER: Setting =
    Setting { mixed: true, ..on_lambda(Kind::Topic, |run| fifo(run, |run, sent| messages(run, sent, "inbox.fifo", published))) };

/// What becomes of objects in two buckets, in one queue.
pub(crate) const OBJECTS: Setting =
    Setting { mixed: true, ..on_lambda(Kind::Object, |run| queue(run, |run, sent| messages(run, sent, "inbox", objects))) };

/// The same with two objects a message, which stays in the queue for either.
pub(crate) const OBJECTS_IN_PAIRS: Setting = Setting {
    mixed: true,
    ..on_lambda(Kind::Object, |run| {
        let write = |run: &Run, sent: &[Sent]| {
            let pairs: Vec<_> = sent.chunk_by(|one, other| one.item / 2 == other.item / 2).collect();
            let record = |pair: &&[Sent]| record(run, pair[0].item / 2, pair[0], "inbox", objects(run, pair));
            json!({ "Records": pairs.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
        };
        let read = |run: &Run, items: &[usize], answer: &Answer| {
            let messages: Vec<_> = items.iter().map(|item| item / 2).collect();
            read(run, &messages, answer)
        };
        Box::new(Queue { batch: 2 * run.plan.batch, at_least_once: false, ..Queue::new(run, write, read) })
    })
};

fn queue(run: &Arc<Run>, write: fn(&Run, &[Sent]) -> Vec<u8>) -> Box<dyn Source> {
    Box::new(Queue { batch: run.plan.batch, is_partial: true, ..Queue::new(run, write, read) })
}

fn fifo(run: &Arc<Run>, write: fn(&Run, &[Sent]) -> Vec<u8>) -> Box<dyn Source> {
    let queue = Queue::new(run, write, read);
    Box::new(Queue { batch: run.plan.batch, is_partial: true, ordered: true, at_least_once: false, ..queue })
}

fn messages(run: &Run, sent: &[Sent], queue: &str, body: fn(&Run, &[Sent]) -> String) -> Vec<u8> {
    let records: Vec<_> = sent.iter().map(|sent| record(run, sent.item, *sent, queue, body(run, &[*sent]))).collect();
    json!({ "Records": records }).to_string().into_bytes()
}

fn record(run: &Run, message: usize, sent: Sent, queue: &str, body: String) -> Value {
    // Standard queues have groups as well, which say nothing of order.
    let attributes = json!({
        "ApproximateReceiveCount": sent.attempt.to_string(),
        "MessageGroupId": format!("g{}", run.plan.items[sent.item].group),
    });
    json!({
        "eventSource": "aws:sqs",
        "messageId": format!("m{message}"),
        "eventSourceARN": format!("arn:aws:sqs:eu-west-1:1:{queue}"),
        "attributes": attributes,
        "body": body,
    })
}

fn text(run: &Run, sent: &[Sent]) -> String {
    sent.iter().map(|sent| run.payload(sent.item)).collect()
}

fn published(run: &Run, sent: &[Sent]) -> String {
    sent.iter().map(|sent| notification(run, sent.item).to_string()).collect()
}

fn objects(run: &Run, sent: &[Sent]) -> String {
    json!({ "Records": sent.iter().map(|sent| object(run, sent.item)).collect::<Vec<_>>() }).to_string()
}

/// The messages that the reply lists stay in the queue, or all if it lists one that was not in the batch.
fn read(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let ids: Vec<_> = items.iter().map(|item| Value::from(format!("m{item}"))).collect();
    match listed(answer).filter(|listed| listed.iter().all(|id| ids.contains(id))) {
        Some(listed) => ids.iter().map(|id| Meaning::done_if(!listed.contains(id))).collect(),
        None => vec![Meaning::Again; items.len()],
    }
}
