//! That no event is lost and none overtakes another, by the contracts of SQS (standard and FIFO), Kinesis, DynamoDB and SNS, of
//! Pub/Sub with ordering keys and without, of a Storage queue, Service Bus and Event Hubs, and of CloudEvents alone and in batches.
//!
//! A run takes a plan: items in groups, what the function makes of each attempt at them, and what befalls the process and its
//! answers. A fake source delivers them in its native form, as its provider's handbook has it; decode, the table and encode are
//! the real ones, for Google Cloud, Azure and containers within their real servers. The ledger then says whether all that happened
//! may happen: nothing was acknowledged whose last attempt was not handled or dropped, everything was acknowledged or lies with the
//! dead letters in the end, and of a source with an order nothing was begun or acknowledged past one of its group that was not. If
//! next to nothing goes wrong, nothing lies with the dead letters either.
//!
//! # That it bites
//!
//! `corrupted` has the tests that it does, with wrong answers and with sources that lack what a deployment must set. Beside those,
//! each of these mistakes was made in the code once, and failed the sources that are named:
//!
//! - Failures are left out of the reply to a batch: SQS, Kinesis, DynamoDB, SNS. A failed invocation is answered with `null`: SNS.
//! - The last failed sequence number is reported in place of the first: Kinesis, DynamoDB.
//! - A failure does not stop its group: SQS FIFO, Kinesis, DynamoDB, Service Bus, Event Hubs. The same if the delivery's order is
//!   taken for none, for each provider's own place that says so.
//! - What was not started behind a failure is taken for done, or done in one call with it, and the reply to SQS FIFO reports the
//!   failed messages only: SQS FIFO. Each of these alone is made good by the other.
//! - What had not begun when the reply was due is taken for done: SQS. The same of an outcome that got lost, which CloudEvents in
//!   batches tell as well.
//! - One item that is done makes a whole delivery done, or a failure is answered with a 2xx, on Azure: Service Bus, Event Hubs, and
//!   the Storage queue.
//! - A failure is answered with 204, on the others: Pub/Sub with ordering keys and without, CloudEvents alone and in batches.
//! - Malformed events are given up although nobody said so: the same; in a batch beside good ones: CloudEvents in batches.
//! - A panic, a timeout, or a function of several events that gives no outcomes is taken for success: all of them.
//! - A timeout is never over: the run does not come to an end.
#![cfg(all(feature = "aws", feature = "gcp", feature = "azure", feature = "container"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what the model needs and does not find fails the test"
)]

mod corrupted;
mod drive;
mod function;
mod host;
mod ledger;
mod plan;
mod source;

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use polyfn_shim::{Provider, event::Kind};
use proptest::prelude::*;

use crate::{
    drive::{Way, drive},
    function::{NAME, Run},
    host::{lambda::Lambda, process::Process},
    plan::{Plan, plan},
    source::{Source, aws, azure, container, gcp},
};

/// Lambda's clock is not a real one.
pub(crate) fn on_lambda<S: Source>(plan: Plan, kind: Kind, source: fn(&Arc<Run>) -> S, way: Way) -> Result<(), String> {
    let run = Run::new(plan, kind, Duration::from_secs(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async { drive(&run, &mut source(&run), &mut Lambda::new(&run), way).await })
}

/// A server has a socket, and a timeout in real time.
pub(crate) fn on_server<S: Source>(
    provider: Provider,
    mut plan: Plan,
    kind: Kind,
    source: fn(&Arc<Run>) -> S,
    way: Way,
) -> Result<(), String> {
    plan.has_timeout = true;
    let run = Run::new(plan, kind, Duration::from_millis(20));
    let root = (provider == Provider::Azure && kind == Kind::Queue).then(|| files(source(&run).is_ordered()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { drive(&run, &mut source(&run), &mut Process::new(&run, provider, root), way).await })
}

/// The files of an Azure deployment, in a folder of their own.
fn files(is_service_bus: bool) -> String {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("model-{is_service_bus}-{}", std::process::id()));
    let folder = root.join(NAME);
    fs::create_dir_all(&folder).unwrap();
    if is_service_bus {
        fs::write(folder.join("function.json"), azure::service_bus_file()).unwrap();
    }
    root.to_str().unwrap().to_owned()
}

const UNTOUCHED: Way = |_, answer| answer;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn sqs_standard(plan in plan()) {
        on_lambda(plan, Kind::Queue, aws::standard, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn sqs_fifo(plan in plan()) {
        on_lambda(plan, Kind::Queue, aws::fifo, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn kinesis(plan in plan()) {
        on_lambda(plan, Kind::Stream, aws::kinesis, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn dynamodb(plan in plan()) {
        on_lambda(plan, Kind::Change, aws::dynamodb, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn sns(plan in plan()) {
        on_lambda(plan, Kind::Topic, aws::topic, UNTOUCHED).map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn pub_sub_push(plan in plan()) {
        on_server(Provider::Gcp, plan, Kind::Topic, gcp::push, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn pub_sub_push_with_ordering_keys(plan in plan()) {
        on_server(Provider::Gcp, plan, Kind::Topic, gcp::ordered_push, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn storage_queue(plan in plan()) {
        on_server(Provider::Azure, plan, Kind::Queue, azure::storage_queue, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn service_bus(plan in plan()) {
        on_server(Provider::Azure, plan, Kind::Queue, azure::service_bus, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn event_hub(plan in plan().prop_map(Plan::without_poison)) {
        on_server(Provider::Azure, plan, Kind::Stream, azure::event_hub, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn cloud_events(plan in plan()) {
        on_server(Provider::Container, plan, Kind::Queue, container::binary, UNTOUCHED).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn cloud_events_in_batches(plan in plan()) {
        on_server(Provider::Container, plan, Kind::Queue, container::batched, UNTOUCHED).map_err(TestCaseError::fail)?;
    }
}
