//! What is read in order.

use std::time::Duration;

use polyfn_shim::{
    Event, Provider, Trigger,
    aws::Shape,
    event::{Action, Change, Stream},
    local::{Delays, aws::Shards},
};
use serde_json::json;

use crate::script::{Answer, Script, ids, list};

fn record(shard: &str, sequence: &str) -> Event {
    let stream = Stream {
        name: Some("clicks".to_owned()),
        partition: Some(shard.to_owned()),
        partition_key: Some("k".to_owned()),
        sequence: Some(sequence.to_owned()),
    };
    Event::new(Provider::Aws, Trigger::Stream(stream)).with_id(format!("{shard}:{sequence}")).with_data("hi", None)
}

fn shard(sequences: &[&str]) -> Vec<Event> {
    sequences.iter().map(|sequence| record("shard-0", sequence)).collect()
}

const SEQUENCE: &str = "/kinesis/sequenceNumber";

fn kinesis() -> Shards {
    Shards::new(Shape::Kinesis).with_delays(Delays::fixed(Duration::from_secs(1)))
}

/// Reports the first of these that a delivery holds.
fn failing(failing: &'static [&'static str]) -> Script {
    Script::new(move |payload| {
        let first = ids(payload, SEQUENCE).into_iter().find(|id| failing.contains(&&**id));
        Answer::Reply(list(&first.iter().map(String::as_str).collect::<Vec<_>>()))
    })
}

/// Fails as a whole if it holds one of these.
fn breaking(breaking: &'static [&'static str]) -> Script {
    Script::new(move |payload| match ids(payload, SEQUENCE).iter().any(|id| breaking.contains(&&**id)) {
        true => Answer::Fails,
        false => Answer::Reply(json!(null)),
    })
}

fn told(script: &Script) -> Vec<String> {
    script.told(SEQUENCE).into_iter().map(|(_, ids)| ids.join(" ")).collect()
}

fn dead(tally: &polyfn_shim::local::Tally) -> Vec<&str> {
    tally.dead.iter().map(|event| event.id().rsplit(':').next().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_shard_is_read_on_from_the_first_failure() {
    let script = failing(&["3"]);
    let source = kinesis().with_batch(4).with_retries(2);
    let tally = source.run(&script, shard(&["1", "2", "3", "4", "5"])).await.unwrap();
    assert_eq!(told(&script), ["1 2 3 4", "3 4", "3 4", "5"]);
    assert_eq!((tally.acknowledged, tally.deliveries), (3, 4));
    assert_eq!(dead(&tally), ["3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn progress_begins_the_retries_anew() {
    let left = std::sync::Mutex::new(vec!["4", "3", "2"]);
    let script = Script::new(move |_| match left.lock().unwrap().pop() {
        Some(id) => Answer::Reply(list(&[id])),
        None => Answer::Reply(json!(null)),
    });
    let tally = kinesis().with_retries(1).run(&script, shard(&["1", "2", "3", "4"])).await.unwrap();
    assert_eq!(told(&script), ["1 2 3 4", "2 3 4", "3 4", "4"]);
    assert_eq!((tally.acknowledged, tally.dead.len()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_failed_invocation_and_a_malformed_reply_fail_the_whole_batch() {
    let answers: [fn() -> Answer; 4] =
        [|| Answer::Fails, || Answer::Dies, || Answer::Reply(json!([])), || Answer::Reply(list(&["99"]))];
    for answer in answers {
        let script = Script::new(move |_| answer());
        let tally = kinesis().with_retries(1).run(&script, shard(&["1", "2"])).await.unwrap();
        assert_eq!((told(&script), dead(&tally)), (vec!["1 2".to_owned(); 2], vec!["1", "2"]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_fails_can_be_split_until_the_one_is_found() {
    let script = breaking(&["3"]);
    let tally = kinesis().with_retries(1).bisecting().run(&script, shard(&["1", "2", "3", "4"])).await.unwrap();
    // A split is no retry: the one that fails alone has its own.
    assert_eq!(told(&script), ["1 2 3 4", "1 2", "3 4", "3", "3", "4"]);
    assert_eq!((tally.acknowledged, dead(&tally)), (3, vec!["3"]));
}

#[tokio::test(start_paused = true)]
async fn one_that_always_fails_holds_its_shard_for_a_day_and_no_other() {
    let script = breaking(&["1"]);
    let source = Shards::new(Shape::Kinesis).with_batch(1).with_delays(Delays::fixed(Duration::from_secs(6 * 60 * 60)));
    let tally = source.run(&script, [record("a", "1"), record("a", "2"), record("b", "7")]).await.unwrap();
    let hours: Vec<_> = script.told(SEQUENCE).into_iter().map(|(at, ids)| (at / 3_600, ids.join(" "))).collect();
    let at = |hour: u64, id: &str| (hour, id.to_owned());
    assert_eq!(hours, [at(0, "1"), at(0, "7"), at(6, "1"), at(12, "1"), at(18, "1"), at(24, "1"), at(24, "2")]);
    assert_eq!((tally.acknowledged, dead(&tally)), (2, vec!["1"]));
}

#[tokio::test(start_paused = true)]
async fn the_pause_doubles_up_to_a_minute() {
    let script = breaking(&["1"]);
    Shards::new(Shape::Kinesis).with_retries(8).run(&script, shard(&["1"])).await.unwrap();
    let times: Vec<_> = script.seen().iter().map(|seen| seen.at).collect();
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
}

#[tokio::test(start_paused = true)]
async fn changes_of_a_table_are_one_shard() {
    let change = |number: u32| {
        let change = Change { action: Action::Created, key: Some(format!(r#"{{"id":{number}}}"#)), ..Change::default() };
        Event::new(Provider::Aws, Trigger::Change(Box::new(change))).with_id(number.to_string())
    };
    let script = Script::new(|payload| match payload["Records"].as_array().unwrap().len() {
        3 => Answer::Reply(list(&["2"])),
        _ => Answer::Reply(json!(null)),
    });
    let tally = Shards::new(Shape::DynamoDb).run(&script, [1, 2, 3].map(change)).await.unwrap();
    let keys = script.told("/dynamodb/Keys/id/N").into_iter().map(|(_, keys)| keys.join(" ")).collect::<Vec<_>>();
    assert_eq!(keys, ["1 2 3", "2 3"]);
    assert_eq!(tally.acknowledged, 3);
}

#[tokio::test(start_paused = true)]
async fn a_partition_of_kafka_fails_as_a_whole_or_from_its_first_failure_on() {
    let place = json!({"batchItemFailures": [{"itemIdentifier": {"partition": "clicks-0", "offset": 2}}]});
    for (first, then) in [(Answer::Fails, [1, 2, 3].as_slice()), (Answer::Reply(place), &[2, 3])] {
        let first = std::sync::Mutex::new(Some(first));
        let script = Script::new(move |_| first.lock().unwrap().take().unwrap_or(Answer::Reply(json!(null))));
        let records = ["1", "2", "3"].map(|offset| record("0", offset));
        let tally = Shards::new(Shape::Kafka).run(&script, records).await.unwrap();
        let offsets = |payload: &serde_json::Value| -> Vec<i64> {
            payload["records"]["clicks-0"].as_array().unwrap().iter().map(|record| record["offset"].as_i64().unwrap()).collect()
        };
        let told: Vec<_> = script.seen().iter().map(|seen| offsets(&seen.payload)).collect();
        assert_eq!(told, [[1, 2, 3].as_slice(), then]);
        assert_eq!(tally.acknowledged, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_of_another_kind_is_told() {
    let script = failing(&[]);
    let error = kinesis().run(&script, [Event::new(Provider::Aws, Trigger::Direct)]).await.unwrap_err();
    assert_eq!(error.to_string(), "trigger: Kinesis has no record for an event of kind direct");
}
