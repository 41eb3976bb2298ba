use super::{
    Function, Parts, Source,
    inbox::{from_queue, is_fifo, queue},
};
use crate::manifest::aws::parts::{attribute, parameter, reference};

/// A queue of SQS under the name that the attribute has; for a pattern of names, one that is there already.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    let name = function.resource();
    let fifo = is_fifo(name);
    if function.names_one() {
        queue(function, Some(name), fifo, parts);
        return from_queue(function, attribute(&function.id("Queue"), "Arn"), fifo);
    }
    let id = function.id("QueueArn");
    let about = format!(
        "ARN of a queue `{name}` for {}; its visibility timeout is {} or more",
        function.entry.name,
        6 * function.timeout
    );
    parts.parameter(id.clone(), parameter(&about, None));
    from_queue(function, reference(&id), fifo)
}
