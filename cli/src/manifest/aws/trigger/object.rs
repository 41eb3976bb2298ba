use polyfn_shim::event::Action;

use super::{
    Function, Parts, Source,
    pattern::{between, matching, rule},
};
use crate::manifest::{
    aws::{
        parts::{literal, sub},
        policy::allow,
    },
    yaml::Node,
};

/// What S3 tells EventBridge of the objects of a bucket. The bucket is there already: its name is its own all over the world.
///
/// Source: [S3 events in EventBridge](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html).
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    let entry = function.entry;
    let bucket = matching(function.resource()).unwrap_or_else(|| Node::list([Node::map().with("exists", true)]));
    let key = between(&entry.prefix, &entry.suffix).map(|key| Node::map().with("key", key));
    let types: Vec<_> = entry.on.iter().flat_map(|action| details(*action)).copied().collect();
    let pattern = Node::map()
        .with("source", Node::list(["aws.s3"]))
        .with_some("detail-type", (!types.is_empty()).then(|| Node::list(types)))
        .with("detail", Node::map().with("bucket", Node::map().with("name", bucket)).with_some("object", key));
    let mut source = rule(function, None, pattern, parts);
    let how = format!(
        "S3 tells EventBridge of a bucket once that is switched on:\n  aws s3api put-bucket-notification-configuration --bucket {} \\\n    --notification-configuration '{{\"EventBridgeConfiguration\": {{}}}}'",
        if function.names_one() { function.resource() } else { "NAME" }
    );
    source.event = source.event.told(how);
    source.statements.extend(reads(function));
    source
}

/// To read the objects that it is told of. A function of every bucket is allowed none: that is for an overlay to say.
fn reads(function: Function<'_>) -> Option<Node> {
    matching(function.resource())?;
    let (bucket, prefix, suffix) = (function.resource(), &function.entry.prefix, &function.entry.suffix);
    let objects = format!("arn:${{AWS::Partition}}:s3:::{}/{}*{}", literal(bucket), literal(prefix), literal(suffix));
    Some(allow(&["s3:GetObject", "s3:GetObjectVersion"], sub(objects)))
}

/// What EventBridge calls what was done to an object.
fn details(action: Action) -> &'static [&'static str] {
    match action {
        Action::Created => &["Object Created"],
        Action::Deleted => &["Object Deleted"],
        Action::Restored => &["Object Restore Completed"],
        Action::Archived => &["Object Access Tier Changed", "Object Storage Class Changed", "Object Restore Expired"],
        Action::Updated => &["Object Tags Added", "Object Tags Deleted", "Object ACL Updated", "Object Restore Initiated"],
    }
}
