use super::{Function, Parts, Source, inbox::dead_letters};
use crate::manifest::{
    aws::{parts::attribute, policy::allow},
    yaml::Node,
};

/// How often records are read again where the function does not say; Lambda would go on until they expire, and nothing behind
/// them would come through.
const RETRIES: u64 = 4;
/// The most that Lambda takes.
const MOST_RETRIES: u64 = 10_000;
/// How many records a delivery holds at the most where the function does not say, as Lambda has it.
const BATCH: u64 = 100;
/// How many deliveries of one shard run at once where no order is asked for: the most that Lambda runs. Those of one key are
/// still one after the other.
const AT_ONCE: u64 = 10;

/// Lambda reads the shards of a stream, and goes on behind what failed.
///
/// Source: [CreateEventSourceMapping](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).
pub(super) fn from_shards(function: Function<'_>, ty: &str, arn: Node, mut reads: Vec<Node>, parts: &mut Parts) -> Source {
    dead_letters(function, false, parts);
    let entry = function.entry;
    let dead = attribute(&function.id("Dead"), "Arn");
    let failed = Node::map().with("OnFailure", Node::map().with("Type", "SQS").with("Destination", dead.clone()));
    let properties = Node::map()
        .with("Stream", arn)
        // The latest would lose what comes while this is made.
        .with("StartingPosition", "TRIM_HORIZON")
        .with("BatchSize", entry.batch.map_or(BATCH, u64::from).min(10_000))
        .with("ParallelizationFactor", if entry.ordered { 1 } else { AT_ONCE })
        .with("MaximumRetryAttempts", entry.retries.map_or(RETRIES, u64::from).min(MOST_RETRIES))
        .with("BisectBatchOnFunctionError", true)
        .with("FunctionResponseTypes", Node::list(["ReportBatchItemFailures"]))
        .with("DestinationConfig", failed);
    reads.push(allow(&["sqs:SendMessage"], dead));
    Source { event: Node::map().with("Type", ty).with("Properties", properties), statements: reads }
}
