//! That no event is lost and none overtakes another, by the contracts of the sources below: of Lambda's, Google's and Azure's, and
//! of CloudEvents.
//!
//! A run takes a plan: items in groups, what the function makes of each attempt at them, and what befalls the process and its
//! answers. A fake source delivers them in its native form, as its provider's handbook has it, and what takes them is what a program
//! runs: the loop over Lambda's Runtime API, or the provider's server. The ledger then says whether all that happened may happen:
//!
//! - Nothing was acknowledged whose last attempt, in that very delivery, was not handled or dropped.
//! - Everything was acknowledged in the end, or lies with the dead letters; nothing does so if next to nothing goes wrong, and no
//!   event for what became of another, as far as its source can tell them apart.
//! - What a source gave up for the status of an answer would never have gone well, or was done.
//! - Of a source with an order nothing was begun or acknowledged past one of its group that was not.
//! - Nothing was begun twice in one delivery.
//!
//! Where a delivery can hold events for several functions there are two of them, with ways of their own.
//!
//! # That it bites
//!
//! `corrupted` has the tests that it does, with wrong answers and with sources that lack what a deployment must set. Beside those,
//! each of these mistakes was made in the code once, and failed the sources that are named:
//!
//! - Failures are left out of Lambda's reply: every source of Lambda's but Kafka with a partial reply, which has a list of its own.
//! - The last failed sequence number is reported in place of the first: Kinesis, DynamoDB; the last offset of a partition: Kafka with a
//!   partial reply.
//! - A list of failures is sent to Kafka whether the deployment takes it or not: Kafka without a partial reply.
//! - A failure does not stop its group: SQS FIFO, every stream and change feed of Lambda's, Service Bus, Event Hubs, Kafka, Cosmos DB.
//!   The same if the delivery's order is taken for none, for each provider's own place that says so.
//! - One item that is done makes a whole delivery done, on Azure: Service Bus, Event Hubs, Kafka, Cosmos DB, Event Grid in batches.
//! - A failure is answered with 204: every source of Google's, and CloudEvents.
//! - The status that a function chose for a caller is the answer to a source: the same, if only as Eventarc Advanced and Knative give
//!   up for it. That of a malformed event goes for a batch in which another is to come again: CloudEvents of two types in batches.
//! - Malformed events are given up although nobody said so: Pub/Sub, Eventarc, CloudEvents.
//! - A malformed event has the others of its batch not handled, or is forgotten beside them: CloudEvents in batches.
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

sources! { 48:
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

sources! { 32:
    pub_sub_push: gcp::PUSH,
    pub_sub_push_with_ordering_keys: gcp::ORDERED_PUSH,
    cloud_tasks: gcp::TASKS,
    cloud_scheduler: gcp::JOB,
    eventarc_storage: gcp::STORAGE,
    eventarc_advanced: gcp::PIPELINE,
    cloud_events_in_batches_on_google_cloud: gcp::BATCHES_OF_TYPES,
}

sources! { 32:
    storage_queue: azure::STORAGE_QUEUE,
    service_bus: azure::SERVICE_BUS,
    event_hub: azure::EVENT_HUB,
    kafka: azure::KAFKA,
    cosmos_db: azure::COSMOS_DB,
    event_grid: azure::EVENT_GRID,
    event_grid_in_parts: azure::EVENT_GRID_IN_PARTS,
    event_grid_in_batches: azure::EVENT_GRID_MANY,
    blob: azure::BLOB,
    timer: azure::TIMER,
}

sources! { 32:
    cloud_events: container::WEBHOOK,
    cloud_events_of_knative: container::KNATIVE,
    cloud_events_in_batches: container::BATCHES,
    cloud_events_of_two_types_in_batches: container::BATCHES_OF_TYPES,
}
