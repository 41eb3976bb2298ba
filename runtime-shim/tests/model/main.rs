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

use std::{fs, path::PathBuf};

use polyfn_shim::Provider;
use proptest::prelude::*;
use serde_json::json;
use tokio::{runtime, task::LocalSet};

use crate::{
    drive::{Way, drive},
    function::{NAMES, Run},
    host::{lambda::Lambda, process::Process},
    plan::{Plan, plan},
    source::{Setting, aws, azure, container, gcp},
};

/// Runs a plan with this kind of source, and says whether all that happened may happen.
pub(crate) fn run(setting: &Setting, plan: Plan, way: Way) -> Result<(), String> {
    let run = Run::new(setting, plan);
    let mut source = (setting.source)(&run);
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if setting.provider == Provider::Aws {
        LocalSet::new().block_on(&runtime, drive(&run, &mut *source, &mut Lambda::new(&run, setting.env), way))
    } else {
        runtime.block_on(drive(&run, &mut *source, &mut Process::new(&run, setting.provider, files(setting)), way))
    }
}

/// The files of an Azure deployment, in a folder of their own.
fn files(setting: &Setting) -> Option<String> {
    let trigger = setting.trigger?();
    let name = format!("model-{}-{}", trigger["type"].as_str()?, std::process::id());
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let (folder, file) = (root.join(NAMES[0]), json!({ "bindings": [trigger] }).to_string());
    fs::create_dir_all(&folder).unwrap();
    // Several runs write the same, and one may read meanwhile.
    if !folder.join("function.json").exists() {
        let new = folder.join(format!("{:?}", std::thread::current().id()));
        fs::write(&new, file).unwrap();
        fs::rename(new, folder.join("function.json")).unwrap();
    }
    Some(root.to_str().unwrap().to_owned())
}

const UNTOUCHED: Way = |_, answer| answer;

/// A test for each kind of source.
macro_rules! sources {
    ($cases:literal: $($name:ident: $setting:expr,)+) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases($cases))]
            $(
                #[test]
                fn $name(plan in plan()) {
                    run(&$setting, plan, UNTOUCHED).map_err(TestCaseError::fail)?;
                }
            )+
        }
    };
}

sources! { 64:
    sqs_standard: aws::STANDARD,
    sqs_on_a_managed_instance: aws::MANAGED,
    sqs_fifo: aws::FIFO,
    objects_of_two_buckets_in_sqs: aws::OBJECTS,
    objects_in_pairs_in_sqs: aws::OBJECTS_IN_PAIRS,
    two_topics_in_sqs: aws::TOPICS,
    two_topics_in_sqs_fifo: aws::TOPICS_IN_ORDER,
    kinesis: aws::KINESIS,
    dynamodb: aws::DYNAMO_DB,
    documentdb: aws::DOCUMENT_DB,
    msk: aws::MSK,
    msk_with_a_partial_reply: aws::MSK_PARTIAL,
    sns: aws::SNS,
    s3: aws::S3,
    event_bus: aws::EVENT_BUS,
    rule: aws::RULE,
    scheduler: aws::SCHEDULER,
}

sources! { 40:
    pub_sub_push: gcp::PUSH,
    pub_sub_push_with_ordering_keys: gcp::ORDERED_PUSH,
    cloud_tasks: gcp::TASKS,
    cloud_scheduler: gcp::JOB,
    eventarc_storage: gcp::STORAGE,
    eventarc_advanced: gcp::PIPELINE,
    cloud_events_in_batches_on_google_cloud: gcp::BATCHES_OF_TYPES,
}

sources! { 40:
    storage_queue: azure::STORAGE_QUEUE,
    service_bus: azure::SERVICE_BUS,
    event_hub: azure::EVENT_HUB,
    kafka: azure::KAFKA,
    cosmos_db: azure::COSMOS_DB,
    event_grid: azure::EVENT_GRID,
    event_grid_in_batches: azure::EVENT_GRID_MANY,
    blob: azure::BLOB,
    timer: azure::TIMER,
}

sources! { 40:
    cloud_events: container::WEBHOOK,
    cloud_events_of_knative: container::KNATIVE,
    cloud_events_in_batches: container::BATCHES,
    cloud_events_of_two_types_in_batches: container::BATCHES_OF_TYPES,
}
