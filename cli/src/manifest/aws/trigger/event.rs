use super::{
    Function, Parts, Source,
    pattern::{matching, rule},
};
use crate::manifest::{
    aws::parts::{parameter, reference},
    yaml::Node,
};

const BUS: &str = "EventBusName";

/// A rule of EventBridge for events of this type and source.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    parts.parameter(BUS, parameter("The event bus of the custom events", Some("default")));
    let ty = matching(function.resource());
    let source = if function.entry.source.is_empty() { None } else { matching(&function.entry.source) };
    let source = match (&ty, source) {
        // Something has to be asked for. What these three send starts functions of other triggers.
        (None, None) => {
            let others = Node::list(["aws.events", "aws.scheduler", "aws.s3"]);
            Some(Node::list([Node::map().with("anything-but", others)]))
        }
        (_, source) => source,
    };
    let pattern = Node::map().with_some("source", source).with_some("detail-type", ty);
    rule(function, Some(reference(BUS)), pattern, parts)
}
