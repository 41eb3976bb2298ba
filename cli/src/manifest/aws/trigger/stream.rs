use super::{Function, Parts, Source, shards::from_shards};
use crate::manifest::aws::{
    parts::{literal, parameter, reference, sub},
    policy::allow,
};

/// A stream of Kinesis, which is there already: it holds data, and costs by the hour.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    let stream = function.resource();
    let arn = if function.names_one() {
        sub(format!("arn:${{AWS::Partition}}:kinesis:${{AWS::Region}}:${{AWS::AccountId}}:stream/{}", literal(stream)))
    } else {
        let id = function.id("StreamArn");
        parts.parameter(id.clone(), parameter(&format!("ARN of a stream `{stream}` for {}", function.entry.name), None));
        reference(&id)
    };
    let actions = [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ];
    from_shards(function, "Kinesis", arn.clone(), vec![allow(&actions, arn)], parts)
}
