//! The model bites: an answer that is wrong in one way, or a source that lacks what a deployment must set, fails it.

use std::{sync::Arc, time::Duration};

use polyfn_shim::{Provider, event::Kind};
use serde_json::{Value, json};

use crate::{
    UNTOUCHED,
    drive::{Way, drive},
    function::Run,
    host::lambda::Lambda,
    on_lambda, on_server,
    plan::{End, Plan},
    source::{Answer, aws, azure, container, gcp},
};

/// Four items of one group, of which the second fails once.
fn plan() -> Plan {
    Plan::with_one_failure(4, 1)
}

/// The run is a good one with the real answers, and fails with these words with the wrong ones.
fn bites(run: impl Fn(Way) -> Result<(), String>, wrong: Way, words: &str) {
    run(UNTOUCHED).unwrap();
    let found = run(wrong).unwrap_err();
    assert!(found.contains(words), "{found}");
}

/// The answer that says that all is done.
fn all_is_done(answer: Answer, body: &str) -> Answer {
    Answer { status: 200, body: if answer.status == 200 && body.is_empty() { answer.body } else { body.into() } }
}

/// The same reply with another list of failures.
fn listing(answer: Answer, change: fn(Vec<Value>) -> Vec<Value>) -> Answer {
    let mut reply: Value = serde_json::from_slice(&answer.body).unwrap();
    let Value::Array(listed) = reply["batchItemFailures"].take() else { return answer };
    reply["batchItemFailures"] = change(listed).into();
    Answer { body: reply.to_string().into_bytes(), ..answer }
}

const ACKNOWLEDGED: &str = "was acknowledged, and was neither handled nor dropped";

#[test]
fn a_failed_message_that_is_not_reported() {
    let wrong: Way = |_, answer| listing(answer, |_| Vec::new());
    bites(|way| on_lambda(plan(), Kind::Queue, aws::standard, way), wrong, ACKNOWLEDGED);
    bites(|way| on_lambda(plan(), Kind::Queue, aws::fifo, way), wrong, ACKNOWLEDGED);
    bites(|way| on_lambda(plan(), Kind::Stream, aws::kinesis, way), wrong, ACKNOWLEDGED);
    bites(|way| on_lambda(plan(), Kind::Change, aws::dynamodb, way), wrong, ACKNOWLEDGED);
}

#[test]
fn the_followers_of_a_failed_message_that_are_not_reported() {
    let wrong: Way = |_, answer| listing(answer, |listed| listed.into_iter().take(1).collect());
    bites(|way| on_lambda(plan(), Kind::Queue, aws::fifo, way), wrong, "item 2 was acknowledged, and was neither");
}

#[test]
fn a_sequence_number_that_is_not_the_first_failed_one() {
    let next: Way = |_, answer| {
        listing(answer, |listed| {
            let number = |id: &Value| id["itemIdentifier"].as_str().unwrap().parse::<u128>().unwrap() + 1;
            listed.iter().map(|id| json!({"itemIdentifier": number(id).to_string()})).collect()
        })
    };
    bites(|way| on_lambda(plan(), Kind::Stream, aws::kinesis, way), next, "item 1 was acknowledged, and was neither");
    bites(|way| on_lambda(plan(), Kind::Change, aws::dynamodb, way), next, "item 1 was acknowledged, and was neither");
}

#[test]
fn a_failed_invocation_that_is_not_told() {
    bites(|way| on_lambda(plan(), Kind::Topic, aws::topic, way), |_, answer| all_is_done(answer, "null"), ACKNOWLEDGED);
}

#[test]
fn a_group_whose_order_is_forgotten() {
    let run = |forgets_order| {
        let run = Run::new(plan(), Kind::Queue, Duration::from_secs(1));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let mut lambda = Lambda::new(&run);
        lambda.forgets_order = forgets_order;
        runtime.block_on(drive(&run, &mut aws::fifo(&run), &mut lambda, UNTOUCHED))
    };
    run(false).unwrap();
    assert!(run(true).unwrap_err().contains("was begun past one of its group"));
}

#[test]
fn a_status_that_acknowledges_a_failure() {
    let wrong: Way = |_, answer| Answer { status: 204, body: answer.body };
    let push = |way| on_server(Provider::Gcp, plan(), Kind::Topic, gcp::push, way);
    bites(push, wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Gcp, plan(), Kind::Topic, gcp::ordered_push, way), wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Container, plan(), Kind::Queue, container::binary, way), wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Container, plan(), Kind::Queue, container::batched, way), wrong, ACKNOWLEDGED);
    // Of a malformed event no function knows.
    let broken = || {
        let mut plan = plan();
        plan.items[2].end = End::Broken;
        plan
    };
    bites(|way| on_server(Provider::Gcp, broken(), Kind::Topic, gcp::push, way), wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Container, broken(), Kind::Queue, container::batched, way), wrong, ACKNOWLEDGED);
}

#[test]
fn a_2xx_of_the_process_for_a_failed_invocation() {
    let wrong: Way = |_, answer| all_is_done(answer, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#);
    bites(|way| on_server(Provider::Azure, plan(), Kind::Queue, azure::storage_queue, way), wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Azure, plan(), Kind::Queue, azure::service_bus, way), wrong, ACKNOWLEDGED);
    bites(|way| on_server(Provider::Azure, plan(), Kind::Stream, azure::event_hub, way), wrong, ACKNOWLEDGED);
}

#[test]
fn a_2xx_without_a_body_is_no_answer_to_the_functions_host() {
    let wrong: Way = |_, answer| Answer { body: Vec::new(), ..answer };
    // Handled or not, all of it goes to the poison queue.
    let queue = |way| on_server(Provider::Azure, plan(), Kind::Queue, azure::storage_queue, way);
    bites(queue, wrong, "was given up for no reason");
    let hub = |way: Way| on_server(Provider::Azure, plan(), Kind::Stream, azure::event_hub, way);
    bites(hub, wrong, "does not come to an end");
}

#[test]
fn an_event_hub_without_a_retry_policy_loses_what_has_failed() {
    let run = |source: fn(&Arc<Run>) -> crate::source::Log| on_server(Provider::Azure, plan(), Kind::Stream, source, UNTOUCHED);
    run(azure::event_hub).unwrap();
    assert!(run(azure::event_hub_without_retries).unwrap_err().contains("is lost"));
}

#[test]
fn a_source_that_knows_no_partial_reply_has_its_whole_batch_again() {
    // Done items come again with the failed one, which the model allows; that they were acknowledged would not be.
    let mut plan = plan();
    plan.items[3].fates = vec![crate::plan::Fate::Hang];
    on_server(Provider::Azure, plan.clone(), Kind::Queue, azure::service_bus, UNTOUCHED).unwrap();
    on_server(Provider::Container, plan, Kind::Queue, container::batched, UNTOUCHED).unwrap();
}
