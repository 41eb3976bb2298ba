use super::{Function, Parts, Source, shards::from_shards};
use crate::manifest::aws::{
    parts::{literal, parameter, reference, sub},
    policy::allow,
};

/// The stream of a DynamoDB table, which is there already: what its keys are, nobody here knows.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    let (table, id) = (function.resource(), function.id("StreamArn"));
    let about = format!(
        "Stream of the table `{table}` for {}: aws dynamodb describe-table --table-name {table} --query Table.LatestStreamArn",
        function.entry.name
    );
    parts.parameter(id.clone(), parameter(&about, None));
    let streams =
        format!("arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/{}/stream/*", literal(table));
    let actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];
    from_shards(function, "DynamoDB", reference(&id), vec![allow(&actions, sub(streams))], parts)
}
