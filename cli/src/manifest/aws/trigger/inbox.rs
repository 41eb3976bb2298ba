use super::{Function, Parts, Source};
use crate::manifest::{
    aws::{
        parts::{attribute, reference, resource},
        policy::{allow, document},
    },
    yaml::Node,
};

/// How often a message is delivered where the function does not say: AWS advises five times at the least, since a message that
/// Lambda was too busy for counts too.
///
/// Source: [SQS event sources](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
const DELIVERIES: u64 = 5;
/// The most that SQS takes.
const MOST_DELIVERIES: u64 = 1000;
/// Two weeks in seconds, the longest that SQS keeps a message.
const KEPT: u64 = 1_209_600;
/// How many messages a delivery of SQS holds without waiting for more.
const BATCH: u64 = 10;

/// Adds a queue of a function with its dead letters, under the name that the attribute has if it is the function's own queue.
pub(super) fn queue(function: Function<'_>, name: Option<&str>, fifo: bool, parts: &mut Parts) {
    let (queue, dead) = (function.id("Queue"), function.id("Dead"));
    let deliveries = function.entry.retries.map_or(DELIVERIES, |retries| (u64::from(retries) + 1).min(MOST_DELIVERIES));
    let redrive = Node::map().with("deadLetterTargetArn", attribute(&dead, "Arn")).with("maxReceiveCount", deliveries);
    let properties = Node::map()
        .with_some("QueueName", name)
        .with_some("FifoQueue", fifo.then_some(true))
        // The least that AWS advises; while a message is invisible nobody else gets it.
        .with("VisibilityTimeout", 6 * function.timeout + window(function, fifo).unwrap_or_default())
        .with("RedrivePolicy", redrive);
    parts.resource(queue, resource("AWS::SQS::Queue", properties));
    dead_letters(function, fifo, parts);
}

/// Adds the queue that keeps what was given up.
pub(super) fn dead_letters(function: Function<'_>, fifo: bool, parts: &mut Parts) {
    let properties = Node::map().with("MessageRetentionPeriod", KEPT).with_some("FifoQueue", fifo.then_some(true));
    let about = format!("What `{}` failed to do, kept for two weeks.", function.entry.name);
    parts.resource(function.id("Dead"), resource("AWS::SQS::Queue", properties).told(about));
}

/// Lambda takes messages out of this queue, and reports those that failed one by one.
pub(super) fn from_queue(function: Function<'_>, arn: Node, fifo: bool) -> Source {
    let properties = Node::map()
        .with("Queue", arn.clone())
        .with("BatchSize", function.entry.batch.map_or(BATCH, u64::from).min(most(fifo)))
        .with_some("MaximumBatchingWindowInSeconds", window(function, fifo))
        .with("FunctionResponseTypes", Node::list(["ReportBatchItemFailures"]));
    Source {
        event: Node::map().with("Type", "SQS").with("Properties", properties),
        statements: vec![allow(&["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn)],
    }
}

/// Adds a queue that a service of AWS sends events to, and nobody else.
pub(super) fn inbox(function: Function<'_>, service: &str, sender: Node, fifo: bool, parts: &mut Parts) -> Source {
    queue(function, None, fifo, parts);
    let queue = function.id("Queue");
    let arn = attribute(&queue, "Arn");
    let statement = Node::map()
        .with("Effect", "Allow")
        .with("Principal", Node::map().with("Service", service))
        .with("Action", "sqs:SendMessage")
        .with("Resource", arn.clone())
        .with("Condition", Node::map().with("ArnEquals", Node::map().with("aws:SourceArn", sender)));
    let properties =
        Node::map().with("Queues", Node::list([reference(&queue)])).with("PolicyDocument", document(vec![statement]));
    parts.resource(function.id("QueuePolicy"), resource("AWS::SQS::QueuePolicy", properties));
    from_queue(function, arn, fifo)
}

/// SQS gathers more than ten messages only if it may wait for them, and never those of a FIFO queue.
///
/// Source: [SQS event source mappings](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html).
fn window(function: Function<'_>, fifo: bool) -> Option<u64> {
    (!fifo && function.entry.batch.is_some_and(|batch| u64::from(batch) > BATCH)).then_some(1)
}

fn most(fifo: bool) -> u64 {
    if fifo { BATCH } else { 10_000 }
}

/// Whether a queue or topic keeps an order: AWS wants such names to end so.
pub(in crate::manifest::aws) fn is_fifo(name: &str) -> bool {
    name.ends_with(".fifo")
}
