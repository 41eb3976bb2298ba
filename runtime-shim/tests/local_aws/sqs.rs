//! A queue of SQS: what is received when, how often, and what becomes of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use polyfn_shim::{
    Event, Failure, Outcome, Provider, Reply, Trigger,
    aws::{App, Taken},
    event::{Kind, Queue},
    function::{Binding, Description, Filter, Function, Functions, Table},
    local::aws::{Configuration, Here, Sqs},
};
use serde_json::{Value, json};

use crate::script::{Answer, Script, ids, list};

fn message(id: &str) -> Event {
    Event::new(Provider::Aws, Trigger::Queue(Queue::default())).with_id(id).with_data(format!("data of {id}"), None)
}

/// A message of a group; its id is the group's name and a number.
fn grouped(id: &str) -> Event {
    let queue = Queue { group: Some(id[..1].to_owned()), name: Some("q.fifo".to_owned()), ..Queue::default() };
    Event::new(Provider::Aws, Trigger::Queue(queue)).with_id(id).with_data("hi", None)
}

/// Fails these messages, each time.
fn failing(failing: &'static [&'static str]) -> Script {
    Script::new(move |payload| {
        let failed: Vec<_> = ids(payload, "/messageId").into_iter().filter(|id| failing.contains(&&**id)).collect();
        Answer::Reply(list(&failed.iter().map(String::as_str).collect::<Vec<_>>()))
    })
}

fn told(script: &Script) -> Vec<(u64, Vec<String>)> {
    script.told("/messageId")
}

fn at(seconds: u64, ids: &[&str]) -> (u64, Vec<String>) {
    (seconds, ids.iter().map(|id| (*id).to_owned()).collect())
}

#[tokio::test(start_paused = true)]
async fn batches_are_delivered_until_nothing_is_left() {
    let script = failing(&[]);
    let events: Vec<_> = (0..25).map(|number| message(&number.to_string())).collect();
    let tally = Sqs::standard().with_batch(10).run(&script, events).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (25, 3, 0));
    assert_eq!(told(&script).iter().map(|(_, ids)| ids.len()).collect::<Vec<_>>(), [10, 10, 5]);
    let record = &script.seen()[0].payload["Records"][0];
    assert_eq!((&record["body"], &record["eventSource"]), (&json!("data of 0"), &json!("aws:sqs")));
}

#[tokio::test(start_paused = true)]
async fn only_what_failed_comes_again_when_it_is_visible() {
    let script = failing(&["b"]);
    let queue = Sqs::standard().with_visibility_timeout(Duration::from_secs(45)).with_dead_letters_after(3);
    let tally = queue.run(&script, ["a", "b", "c"].map(message)).await.unwrap();
    assert_eq!(told(&script), [at(0, &["a", "b", "c"]), at(45, &["b"]), at(90, &["b"])]);
    let counts: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.payload["Records"].as_array().unwrap().last().unwrap()["attributes"]["ApproximateReceiveCount"].clone())
        .collect();
    assert_eq!(counts, ["1", "2", "3"]);
    assert_eq!((tally.acknowledged, tally.deliveries), (2, 3));
    assert_eq!(tally.dead.iter().map(Event::id).collect::<Vec<_>>(), ["b"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_invocation_and_a_malformed_reply_fail_the_whole_batch() {
    let replies: [fn() -> Answer; 6] = [
        || Answer::Fails,
        || Answer::Dies,
        || Answer::Status(429),
        || Answer::Reply(json!("done")),
        || Answer::Reply(list(&["z"])),
        || Answer::Reply(json!({"batchItemFailures": [{"id": "a"}]})),
    ];
    for reply in replies {
        let script = Script::new(move |_| reply());
        let tally = Sqs::standard().with_dead_letters_after(2).run(&script, ["a", "b"].map(message)).await.unwrap();
        assert_eq!(told(&script), [at(0, &["a", "b"]), at(30, &["a", "b"])]);
        assert_eq!((tally.acknowledged, tally.dead.len()), (0, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn what_outlives_the_visibility_timeout_is_delivered_a_second_time() {
    let script = Script::new(|_| Answer::Late(Duration::from_secs(40), list(&[])));
    let tally = Sqs::standard().run(&script, [message("a")]).await.unwrap();
    assert_eq!(told(&script), [at(0, &["a"]), at(30, &["a"])]);
    // The first delivery's delete counts, and the second's finds nothing.
    assert_eq!((tally.acknowledged, tally.deliveries), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn without_a_dead_letter_queue_a_message_is_kept_for_four_days() {
    let script = failing(&["a"]);
    let queue = Sqs::standard().with_visibility_timeout(Duration::from_secs(12 * 60 * 60));
    let tally = queue.run(&script, [message("a")]).await.unwrap();
    assert_eq!((tally.deliveries, tally.dead.len()), (8, 1));
}

#[tokio::test(start_paused = true)]
async fn as_many_deliveries_are_out_as_it_says() {
    let script = Script::new(|_| Answer::Late(Duration::from_secs(1), list(&[])));
    let began = tokio::time::Instant::now();
    let events: Vec<_> = (0..12).map(|number| message(&number.to_string())).collect();
    Sqs::standard().with_batch(1).with_at_once(4).run(&script, events).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_group_waits_for_what_failed_in_it_and_another_does_not() {
    let failures = Mutex::new(HashMap::from([("a2", 1)]));
    let script = Script::new(move |payload| {
        let ids = ids(payload, "/messageId");
        let mut failures = failures.lock().unwrap();
        let fails = failures.get_mut("a2").filter(|left| **left > 0 && ids.contains(&"a2".to_owned()));
        let Some(left) = fails else { return Answer::Reply(list(&[])) };
        *left -= 1;
        // What a FIFO batch reports: the failed one, and those behind it in its group.
        let behind: Vec<_> = ids.iter().map(String::as_str).filter(|id| id.starts_with('a') && *id >= "a2").collect();
        Answer::Reply(list(&behind))
    });
    let events = ["a1", "a2", "a3", "b1", "a4", "b2", "a5"].map(grouped);
    let tally = Sqs::fifo().with_batch(4).run(&script, events).await.unwrap();
    // Each group is received from its first on; what is left of the batch goes to the next.
    assert_eq!(told(&script), [at(0, &["a1", "a2", "a3", "a4"]), at(0, &["b1", "b2"]), at(30, &["a2", "a3", "a4", "a5"])]);
    assert_eq!((tally.acknowledged, tally.dead.len()), (7, 0));
}

#[tokio::test(start_paused = true)]
async fn a_group_has_one_delivery_out_at_a_time() {
    let script = Script::new(|_| Answer::Late(Duration::from_secs(1), list(&[])));
    let events = ["a1", "a2", "a3", "b1"].map(grouped);
    Sqs::fifo().with_batch(1).run(&script, events).await.unwrap();
    assert_eq!(told(&script), [at(0, &["a1"]), at(0, &["b1"]), at(1, &["a2"]), at(2, &["a3"])]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_lets_its_group_go_on() {
    let script = failing(&["a1"]);
    let queue = Sqs::fifo().with_batch(1).with_dead_letters_after(2);
    let tally = queue.run(&script, ["a1", "a2"].map(grouped)).await.unwrap();
    assert_eq!(told(&script), [at(0, &["a1"]), at(30, &["a1"]), at(60, &["a2"])]);
    assert_eq!((tally.acknowledged, tally.dead.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_late_delete_in_a_fifo_queue_deletes_nothing() {
    let answers = Mutex::new(vec![(1, list(&[])), (20, list(&["a1"])), (40, list(&[]))]);
    let script = Script::new(move |_| {
        let (seconds, reply) = answers.lock().unwrap().pop().unwrap();
        Answer::Late(Duration::from_secs(seconds), reply)
    });
    let tally = Sqs::fifo().run(&script, [grouped("a1")]).await.unwrap();
    // Received at 0, again at 30. The answer at 40 comes with a handle that is worth nothing, so the failure at 50 counts.
    assert_eq!(told(&script), [at(0, &["a1"]), at(30, &["a1"]), at(60, &["a1"])]);
    assert_eq!((tally.acknowledged, tally.deliveries), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn a_group_in_a_standard_queue_says_nothing_of_order() {
    let script = Script::new(|_| Answer::Late(Duration::from_secs(1), list(&[])));
    Sqs::standard().with_batch(1).run(&script, ["a1", "a2"].map(grouped)).await.unwrap();
    assert_eq!(told(&script), [at(0, &["a1"]), at(0, &["a2"])]);
}

#[tokio::test(start_paused = true)]
async fn what_a_queue_cannot_hold_is_told_where() {
    let script = failing(&[]);
    let run = async |event: Event| Sqs::standard().run(&script, [event]).await.unwrap_err().to_string();
    assert_eq!(
        run(message("a").with_data(vec![b'a'; 1_048_577], None)).await,
        "data: 1048577 bytes; a message of SQS has 1048576 at the most"
    );
    assert_eq!(run(message("a").with_data(&b"\xff"[..], None)).await, "data: no UTF-8; a message of SQS is text, so send base64");
    let call = Event::new(Provider::Aws, Trigger::Direct);
    assert_eq!(run(call).await, "trigger: a queue holds no event of kind direct");
    Sqs::standard().run(&script, [message("a").with_data(vec![b'a'; 1_048_576], None)]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_is_delivered_in_parts() {
    let script = failing(&[]);
    let large = |number: usize| message(&number.to_string()).with_data(vec![b'a'; 1_000_000], None);
    let tally = Sqs::standard().run(&script, (0..10).map(large)).await.unwrap();
    assert_eq!(tally.acknowledged, 10);
    assert!(script.seen().iter().all(|seen| seen.payload.to_string().len() <= 6_291_456));
}

#[tokio::test(start_paused = true)]
async fn functions_of_this_process_are_driven_as_well() {
    let tries = Arc::new(Mutex::new(HashMap::<String, u32>::new()));
    let seen = Arc::clone(&tries);
    let binding = Binding::Resource { kind: Kind::Queue, name: "*", filter: Filter::default() };
    let function = Function::blocking(Description::new("f", binding), move |event, _| {
        let tried = *seen.lock().unwrap().entry(event.id().to_owned()).and_modify(|tried| *tried += 1).or_insert(1);
        assert_eq!(event.attempt(), tried);
        match event.id() {
            "twice" if tried < 3 => Outcome::Retry(Failure::new("Busy", "later")),
            "dropped" => Outcome::Drop(Failure::new("Useless", "never mind")),
            "never" => panic!("by zero"),
            _ => Outcome::Done(Reply::Empty),
        }
    });
    let table = Table::new(Functions::new(vec![function]), None, false).unwrap();
    let here = Here::new(App::new(Arc::new(table), Taken::default()), Configuration::default());
    let queue = Sqs::standard().with_dead_letters_after(4);
    let tally = queue.run(&here, ["once", "twice", "never", "dropped"].map(message)).await.unwrap();
    assert_eq!(tally.acknowledged, 3);
    assert_eq!(tally.dead.iter().map(Event::id).collect::<Vec<_>>(), ["never"]);
    let tries: Value = serde_json::to_value(&*tries.lock().unwrap()).unwrap();
    assert_eq!(tries, json!({"once": 1, "twice": 3, "never": 4, "dropped": 1}));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_has_no_id_gets_one() {
    let script = failing(&[]);
    let tally = Sqs::standard().run(&script, [message(""), message("")]).await.unwrap();
    assert_eq!(tally.acknowledged, 2);
    let [(_, ids)] = &told(&script)[..] else { panic!("one delivery") };
    assert!(ids[0].len() == 36 && ids[0] != ids[1], "{ids:?}");
}
