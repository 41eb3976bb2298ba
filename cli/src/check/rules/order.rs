use polyfn_shim::{event::Kind, manifest::Entry};

use crate::{
    check::lint::{Lint, ORDER},
    target::Target,
};

/// Whether `ordered` means anything on the source that a deployment binds.
pub(super) fn check(function: &Entry, target: Target, found: &mut impl FnMut(Lint, String)) {
    if !function.ordered {
        return;
    }
    let fifo = function.resource.as_deref().unwrap_or_default().ends_with(".fifo");
    let message = match (target, function.trigger) {
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
        (Target::Aws, Kind::Queue) if !fifo => {
            "a standard queue of SQS has no order; end its name with `.fifo`, or remove `ordered`"
        }
        // https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
        (Target::Aws, Kind::Topic) if !fifo => {
            "a standard topic of SNS has no order; end its name with `.fifo`, or remove `ordered`"
        }
        // https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger
        (Target::Azure, Kind::Queue) => "a Storage queue has no order; take a `topic` or a `stream`, or remove `ordered`",
        _ => return,
    };
    found(ORDER, message.to_owned());
}
