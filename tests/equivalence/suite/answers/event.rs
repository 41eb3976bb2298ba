use polyfn_shim::{
    Trigger,
    local::{Form, Settled},
};

use super::{Answer, Wanted, failed};
use crate::suite::{Does, Entry};

/// The answer of an event that nobody waits for: whether it comes again.
pub(super) fn wanted(form: Form, entry: &Entry, does: &Does) -> Wanted {
    let again = matches!(does, Does::Retry | Does::Panic);
    let name = form.to_string();
    let native = match name.as_str() {
        // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
        "aws/sqs" | "aws/sqs-fifo" => listed(again, &format!("\"{}\"", entry.event.id())),
        // https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
        "aws/dynamo-db" => listed(again, "\"1\""),
        "aws/kinesis" => listed(again, &format!("\"{}\"", sequence(entry))),
        // https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
        "aws/kafka" => listed(again, &format!(r#"{{"partition":"clicks-3","offset":{}}}"#, sequence(entry))),
        // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
        _ if name.starts_with("aws/") && again => failed::of_lambda(does),
        _ if name.starts_with("aws/") => Answer::invoked("null"),
        // https://cloud.google.com/pubsub/docs/push#receive_push
        _ if name.starts_with("gcp/") && again => Answer { headers: failed::google(does), ..failed::problem(does) },
        // https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload
        "azure/json" if again => failed::of_handler(does),
        "azure/json" => {
            let done = r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#;
            Answer::new(200, &[("content-type", "application/json")], done)
        }
        // https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md
        _ if name.starts_with("container/") && again => failed::problem(does),
        "local" if again => Answer::new(500, &[], ""),
        _ => Answer::new(204, &[], ""),
    };
    Wanted { native, response: None, settled: if again { Settled::Again } else { Settled::Acknowledged } }
}

/// A list of what has failed: this, or nothing.
fn listed(again: bool, id: &str) -> Answer {
    let failed = if again { format!(r#"{{"itemIdentifier":{id}}}"#) } else { String::new() };
    Answer::invoked(format!(r#"{{"batchItemFailures":[{failed}]}}"#))
}

fn sequence(entry: &Entry) -> String {
    match entry.event.trigger() {
        Trigger::Stream(stream) => stream.sequence.clone().unwrap_or_default(),
        other => panic!("no record: {other:?}"),
    }
}
