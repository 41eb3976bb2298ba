//! The sources of Lambda, as section 4 of its contract has them.

mod invoke;
mod kafka;
mod sqs;
mod stream;

use std::sync::Arc;

use polyfn_shim::{Provider, event::Kind};
use serde_json::Value;

pub(crate) use self::{
    invoke::{EVENT_BUS, RULE, S3, SCHEDULER, SNS},
    kafka::{MSK, MSK_PARTIAL, MSK_WITH_A_LIST_THAT_NOBODY_READS},
    sqs::{FIFO, FIFO_TAKEN_FOR_STANDARD, MANAGED, OBJECTS, OBJECTS_IN_PAIRS, STANDARD, TOPICS, TOPICS_IN_ORDER},
    stream::{DOCUMENT_DB, DYNAMO_DB, KINESIS},
};
use super::{Answer, Meaning, Setting, Source};
use crate::function::Run;

const fn on_lambda(kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Setting {
    Setting::new(Provider::Aws, kind, source)
}

/// What a reply lists as failed; `None` if all has failed: by an error, or by a reply that is none.
fn listed(answer: &Answer) -> Option<Vec<Value>> {
    if answer.status != 200 {
        return None;
    }
    match serde_json::from_slice(&answer.body).ok()? {
        Value::Null => Some(Vec::new()),
        Value::Object(mut reply) => match reply.remove("batchItemFailures") {
            None | Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(failures)) => {
                failures.into_iter().map(|mut failure| Some(failure.get_mut("itemIdentifier")?.take())).collect()
            }
            Some(_) => None,
        },
        _ => None,
    }
}

/// Of a source that knows no list, the whole delivery is done or comes again.
fn whole(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    vec![Meaning::done_if(answer.status == 200); items.len()]
}
