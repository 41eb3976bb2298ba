//! The model bites: an answer that is wrong in one way, or a source that lacks what a deployment must set, fails it.

use serde_json::{Value, json};

use crate::{
    UNTOUCHED,
    drive::Way,
    ledger::{
        Ledger,
        Note::{self, Began, Handled, Sent},
        Promise,
    },
    plan::{End, Fate, Plan},
    run,
    source::{Answer, Setting, aws, azure, container, gcp},
};

/// Four items of one group, of which the second fails once; where there are two functions they take turns.
fn plan() -> Plan {
    Plan::with_one_failure(4, 1)
}

/// The run is a good one with the real answers, and fails with these words with the wrong ones.
fn bites(settings: &[Setting], plan: &Plan, wrong: Way, words: &str) {
    for (place, setting) in settings.iter().enumerate() {
        let right = run(setting, plan.clone(), UNTOUCHED);
        assert_eq!(right, Ok(()), "source {place}");
        let found = run(setting, plan.clone(), wrong).unwrap_err();
        assert!(found.contains(words), "source {place}: {found}");
    }
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
const FOR_NO_REASON: &str = "was given up for no reason";

#[test]
fn a_failed_message_that_is_not_reported() {
    let wrong: Way = |_, answer| listing(answer, |_| Vec::new());
    let queues = [aws::STANDARD, aws::MANAGED, aws::FIFO, aws::OBJECTS, aws::OBJECTS_IN_PAIRS, aws::TOPICS, aws::TOPICS_IN_ORDER];
    bites(&queues, &plan(), wrong, ACKNOWLEDGED);
    bites(&[aws::KINESIS, aws::DYNAMO_DB, aws::MSK_PARTIAL], &plan(), wrong, ACKNOWLEDGED);
}

#[test]
fn the_followers_of_a_failed_message_that_are_not_reported() {
    let wrong: Way = |_, answer| listing(answer, |listed| listed.into_iter().take(1).collect());
    bites(&[aws::FIFO, aws::TOPICS_IN_ORDER], &plan(), wrong, "item 2 was acknowledged, and was neither");
}

#[test]
fn a_place_that_is_not_the_first_failed_one() {
    let next: Way = |_, answer| {
        listing(answer, |listed| {
            let number = |id: &Value| id["itemIdentifier"].as_str().unwrap().parse::<u128>().unwrap() + 1;
            listed.iter().map(|id| json!({"itemIdentifier": number(id).to_string()})).collect()
        })
    };
    bites(&[aws::KINESIS, aws::DYNAMO_DB], &plan(), next, "item 1 was acknowledged, and was neither");
    let offset: Way = |_, answer| {
        listing(answer, |mut listed| {
            for id in &mut listed {
                let offset = id["itemIdentifier"]["offset"].as_i64().unwrap();
                id["itemIdentifier"]["offset"] = (offset + 1).into();
            }
            listed
        })
    };
    bites(&[aws::MSK_PARTIAL], &plan(), offset, "item 1 was acknowledged, and was neither");
}

#[test]
fn a_reply_that_names_nothing_that_was_sent() {
    // Lambda takes it for no reply, so that all comes again until nobody wants it any more.
    let wrong: Way = |_, answer| listing(answer, |_| vec![json!({"itemIdentifier": "other"})]);
    let settings = [aws::STANDARD, aws::FIFO, aws::OBJECTS, aws::TOPICS, aws::KINESIS, aws::DYNAMO_DB, aws::MSK_PARTIAL];
    bites(&settings, &plan(), wrong, FOR_NO_REASON);
}

#[test]
fn a_failed_invocation_that_is_not_told() {
    let wrong: Way = |_, answer| all_is_done(answer, "null");
    let invoked = [aws::SNS, aws::S3, aws::EVENT_BUS, aws::RULE, aws::SCHEDULER];
    bites(&invoked, &plan(), wrong, ACKNOWLEDGED);
    bites(&[aws::DOCUMENT_DB, aws::MSK], &plan(), wrong, ACKNOWLEDGED);
}

#[test]
fn a_list_of_failures_that_the_source_does_not_read() {
    let found = run(&aws::MSK_WITH_A_LIST_THAT_NOBODY_READS, plan(), UNTOUCHED).unwrap_err();
    assert!(found.contains(ACKNOWLEDGED), "{found}");
}

#[test]
fn a_group_whose_order_is_forgotten() {
    let found = run(&aws::FIFO_TAKEN_FOR_STANDARD, plan(), UNTOUCHED).unwrap_err();
    assert!(found.contains("was begun past one of its group"), "{found}");
}

#[test]
fn what_an_unheard_delivery_did_is_no_excuse_for_the_next_one() {
    let verdict = |second: &[(usize, Note)]| {
        let ledger = Ledger::new();
        // All went well, and nobody heard of it.
        let first = [(0, Sent), (1, Sent), (0, Began), (0, Handled), (1, Began), (1, Handled)];
        for (item, note) in first.iter().chain(second) {
            ledger.note(*item, *note);
        }
        ledger.verdict(&Plan::with_one_failure(2, 0), Promise { ordered: true, each_alone: false })
    };
    let again = [(0, Sent), (1, Sent)];
    let found = verdict(&[&again[..], &[(1, Began), (0, Began)]].concat()).unwrap_err();
    assert!(found.contains("item 1 was begun past one of its group that was not done, at 8"), "{found}");
    let found = verdict(&[&again[..], &[(0, Began), (1, Began)]].concat()).unwrap_err();
    assert!(found.contains("item 1 was begun past one of its group that was not done, at 9"), "{found}");
    let found = verdict(&[&again[..], &[(0, Note::Acknowledged)]].concat()).unwrap_err();
    assert!(found.contains("item 0 was acknowledged, and was neither"), "{found}");
    let found = verdict(&[&again[..], &[(0, Began), (0, Handled), (0, Began)]].concat()).unwrap_err();
    assert!(found.contains("item 0 was begun twice in one delivery"), "{found}");
    let rest = [(0, Began), (0, Handled), (1, Began), (1, Handled), (0, Note::Acknowledged), (1, Note::Acknowledged)];
    assert_eq!(verdict(&[&again[..], &rest].concat()), Ok(()));
}

#[test]
fn a_status_that_acknowledges_a_failure() {
    let wrong: Way = |_, answer| Answer { status: 204, body: answer.body };
    let google = [gcp::PUSH, gcp::ORDERED_PUSH, gcp::TASKS, gcp::JOB, gcp::STORAGE, gcp::PIPELINE];
    let brokers =
        [container::WEBHOOK, container::KNATIVE, container::BATCHES, container::BATCHES_OF_TYPES, gcp::BATCHES_OF_TYPES];
    bites(&google, &plan(), wrong, ACKNOWLEDGED);
    bites(&brokers, &plan(), wrong, ACKNOWLEDGED);
    // Of a malformed event no function knows.
    let mut broken = plan();
    broken.items[2].end = End::Broken;
    bites(&[gcp::PUSH, gcp::ORDERED_PUSH, gcp::STORAGE, gcp::PIPELINE], &broken, wrong, ACKNOWLEDGED);
    bites(&brokers, &broken, wrong, ACKNOWLEDGED);
}

#[test]
fn a_status_that_a_source_takes_for_final() {
    const FINAL: &str = "item 1 was given up, and would have gone well";
    let unprocessable: Way = |_, answer| Answer { status: if answer.status == 500 { 422 } else { answer.status }, ..answer };
    let strict = [gcp::PIPELINE, gcp::BATCHES_OF_TYPES, container::KNATIVE, container::BATCHES_OF_TYPES];
    bites(&strict, &plan(), unprocessable, FINAL);
    let not_implemented: Way = |_, answer| Answer { status: if answer.status == 500 { 501 } else { answer.status }, ..answer };
    bites(&[gcp::PIPELINE], &plan(), not_implemented, FINAL);
    let gone: Way = |_, answer| Answer { status: if answer.status == 500 { 410 } else { answer.status }, ..answer };
    bites(&[container::WEBHOOK, container::KNATIVE, container::BATCHES], &plan(), gone, FINAL);
    // A malformed event in the batch, whose own status would be a final one, comes again with the one that failed.
    let mut mixed = plan();
    mixed.items[0].end = End::Malformed;
    let malformed: Way = |_, answer| Answer { status: if answer.status == 500 { 400 } else { answer.status }, ..answer };
    bites(&[container::BATCHES_OF_TYPES, gcp::BATCHES_OF_TYPES], &mixed, malformed, FINAL);
}

#[test]
fn a_2xx_of_the_process_for_a_failed_invocation() {
    let wrong: Way = |_, answer| all_is_done(answer, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#);
    let alone = [azure::STORAGE_QUEUE, azure::EVENT_GRID, azure::BLOB, azure::TIMER];
    let batched = [
        azure::SERVICE_BUS,
        azure::EVENT_HUB,
        azure::KAFKA,
        azure::COSMOS_DB,
        azure::EVENT_GRID_MANY,
        azure::EVENT_GRID_IN_PARTS,
    ];
    bites(&alone, &plan(), wrong, ACKNOWLEDGED);
    bites(&batched, &plan(), wrong, ACKNOWLEDGED);
}

#[test]
fn a_2xx_without_a_body_is_no_answer_to_the_functions_host() {
    let wrong: Way = |_, answer| Answer { body: Vec::new(), ..answer };
    // Handled or not, all of it goes to the poison queue, or comes again for ever.
    bites(&[azure::STORAGE_QUEUE, azure::SERVICE_BUS, azure::EVENT_GRID, azure::BLOB], &plan(), wrong, FOR_NO_REASON);
    bites(&[azure::EVENT_HUB], &plan(), wrong, "does not come to an end");
}

#[test]
fn a_source_without_a_retry_policy_loses_what_has_failed() {
    for (with, without) in [
        (azure::EVENT_HUB, azure::EVENT_HUB_WITHOUT_RETRIES),
        (azure::KAFKA, azure::KAFKA_WITHOUT_RETRIES),
        (azure::COSMOS_DB, azure::COSMOS_DB_WITHOUT_RETRIES),
        (azure::TIMER, azure::TIMER_WITHOUT_RETRIES),
        (gcp::JOB, gcp::JOB_WITHOUT_RETRIES),
    ] {
        assert_eq!(run(&with, plan(), UNTOUCHED), Ok(()));
        assert!(run(&without, plan(), UNTOUCHED).unwrap_err().contains("is lost"));
    }
}

#[test]
fn a_source_that_knows_no_partial_reply_has_its_whole_batch_again() {
    // Done items come again with the failed one, which the model allows; that they were acknowledged would not be.
    let mut plan = plan();
    plan.items[3].fates = vec![Fate::Hang];
    for setting in [azure::SERVICE_BUS, azure::EVENT_GRID_MANY, container::BATCHES, aws::DOCUMENT_DB, aws::MSK] {
        assert_eq!(run(&setting, plan.clone(), UNTOUCHED), Ok(()));
    }
}

#[test]
fn a_good_event_beside_a_bad_one_has_its_turn() {
    let mut plan = plan();
    plan.items[0].end = End::Broken;
    plan.items[3].end = End::Never;
    let batched = [container::BATCHES, container::BATCHES_OF_TYPES, gcp::BATCHES_OF_TYPES, azure::EVENT_GRID_MANY];
    for setting in batched.iter().chain(&[aws::STANDARD, aws::TOPICS, aws::OBJECTS_IN_PAIRS]) {
        assert_eq!(run(setting, plan.clone(), UNTOUCHED), Ok(()));
    }
}
