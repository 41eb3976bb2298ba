//! Event hubs, Kafka and the change feed: a checkpoint that moves on, with a retry policy and without.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    Event, Provider, Trigger,
    azure::{Bindings, Declaration},
    event::{Change, Kind, Stream},
    function::{Binding, Description, Filter},
    local::{
        Delays,
        azure::{
            host::Here,
            source::{Feed, RetryPolicy},
        },
    },
};
use serde_json::Value;

use crate::{
    declared,
    hosted::{Scripted, ids, obedient, obedient_batch, status, table},
};

fn record(partition: &str, sequence: &str, data: &'static str) -> Event {
    let stream = Stream {
        name: Some("clicks".into()),
        partition: Some(partition.into()),
        partition_key: None,
        sequence: Some(sequence.into()),
    };
    let event = Event::new(Provider::Local, Trigger::Stream(stream)).with_id(format!("{partition}-{sequence}"));
    event.with_source("sb://ns.servicebus.windows.net/clicks").with_data(data, None)
}

fn done() -> Response<Bytes> {
    let reply = Response::builder().header("content-type", "application/json");
    reply.body(Bytes::from_static(br#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#)).unwrap()
}

/// The sequence numbers of each delivery, and how many retries it is told of.
fn deliveries(process: &Scripted) -> Vec<(String, u64)> {
    let told = |body: &Bytes| {
        let metadata = serde_json::from_slice::<Value>(body).unwrap()["Metadata"].take();
        let numbers = metadata.get("SequenceNumberArray").or(metadata.get("SequenceNumber")).unwrap();
        (numbers.as_str().unwrap().to_owned(), metadata["RetryContext"]["RetryCount"].as_u64().unwrap_or(0))
    };
    process.bodies().iter().map(told).collect()
}

/// Fails what holds the sequence number 2.
fn failing() -> Scripted {
    Scripted::new(|request, _| {
        let metadata = serde_json::from_slice::<Value>(request.body()).unwrap()["Metadata"].take();
        let numbers = metadata.get("SequenceNumberArray").or(metadata.get("SequenceNumber")).unwrap();
        Ok(if numbers.as_str().unwrap().contains('2') { status(500) } else { done() })
    })
}

#[tokio::test(start_paused = true)]
async fn without_a_retry_policy_what_failed_is_lost() {
    let (function, process) = (declared(&obedient("count", Kind::Stream, "clicks")), failing());
    let records = ["1", "2", "3", "4"].map(|sequence| record("0", sequence, ""));
    let tally = Feed::new(&function, None).with_batch(2).run(&process, records).await.unwrap();
    assert_eq!(deliveries(&process), [("[1,2]".to_owned(), 0), ("[3,4]".to_owned(), 0)]);
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (2, vec!["0-1", "0-2"]));
}

#[tokio::test(start_paused = true)]
async fn with_a_retry_policy_the_batch_comes_again_before_the_next_of_its_partition() {
    let (function, process) = (declared(&obedient("count", Kind::Stream, "clicks")), failing());
    let records = [("0", "1"), ("0", "2"), ("1", "7"), ("0", "3")].map(|(partition, sequence)| record(partition, sequence, ""));
    let policy = RetryPolicy { most: Some(2), delays: Delays::fixed(Duration::from_secs(10)) };
    let tally = Feed::new(&function, Some(policy)).with_batch(2).run(&process, records).await.unwrap();
    let told = deliveries(&process);
    let told: Vec<_> = told.iter().map(|(numbers, retries)| (numbers.as_str(), *retries)).collect();
    assert_eq!(told, [("[1,2]", 0), ("[7]", 0), ("[1,2]", 1), ("[1,2]", 2), ("[3]", 0)]);
    assert_eq!(process.seconds(), [0, 0, 10, 20, 20]);
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (2, vec!["0-1", "0-2"]));
}

#[tokio::test(start_paused = true)]
async fn the_policy_is_the_one_that_the_function_json_has() {
    let description = |kind, retries| {
        let mut description = Description::new("f", Binding::Resource { kind, name: "x", filter: Filter::default() });
        description.settings.retries = retries;
        description
    };
    for (kind, retries, want) in [
        (Kind::Stream, None, Some(5)),
        (Kind::Change, None, Some(5)),
        (Kind::Stream, Some(0), None),
        (Kind::Stream, Some(2), Some(2)),
        (Kind::Schedule, None, None),
        (Kind::Schedule, Some(3), Some(3)),
        (Kind::Queue, Some(3), None),
    ] {
        let policy = RetryPolicy::of(&description(kind, retries));
        assert_eq!(policy.map(|policy| policy.most), want.map(Some), "{kind} {retries:?}");
        // 10 s, doubling up to a quarter of an hour.
        let delays = policy.map(|policy| [1, 2, 99].map(|failures| policy.delays.after(failures).as_secs()));
        assert!(delays.is_none_or(|delays| delays == [10, 20, 900]), "{delays:?}");
    }
    let forever = RetryPolicy { most: None, delays: Delays::NONE };
    let process = Scripted::new(|_, number| Ok(if number < 1_000 { status(500) } else { done() }));
    let function = declared(&obedient("count", Kind::Stream, "clicks"));
    assert_eq!(Feed::new(&function, Some(forever)).run(&process, [record("0", "1", "")]).await.unwrap().deliveries, 1_001);
}

#[tokio::test(start_paused = true)]
async fn a_function_that_takes_one_gets_those_of_a_partition_at_once() {
    let json = br#"[{"type":"eventHubTrigger","name":"event","eventHubName":"clicks","cardinality":"one","dataType":"binary"}]"#;
    let function = Declaration::new("count", Kind::Stream, Bindings::read(json).unwrap());
    let process = failing().taking(Duration::from_secs(1));
    let policy = RetryPolicy { most: Some(1), delays: Delays::fixed(Duration::from_secs(10)) };
    let records = ["1", "2", "3"].map(|sequence| record("0", sequence, ""));
    let tally = Feed::new(&function, Some(policy)).run(&process, records).await.unwrap();
    assert_eq!((process.at_once(), process.seconds()), (3, vec![0, 0, 0, 11]));
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (2, vec!["0-2"]));
}

#[tokio::test(start_paused = true)]
async fn functions_of_this_process_read_hubs_kafka_and_changes() {
    let policy = Some(RetryPolicy { most: Some(3), delays: Delays::fixed(Duration::from_secs(1)) });
    let function = obedient_batch("count", Kind::Stream, "clicks");
    let declaration = declared(&function);
    let here = Here::new(table(vec![function]), "api").unwrap();
    let records = [record("0", "1", "once"), record("0", "2", ""), record("1", "3", "fail"), record("1", "4", "drop")];
    let tally = Feed::new(&declaration, policy).run(&here, records).await.unwrap();
    // What failed once is done the second time, with its neighbour; a batch with a failure is lost as a whole.
    assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (2, 2 + 4, vec!["1-3", "1-4"]));

    let json = br#"[{"type":"kafkaTrigger","name":"event","topic":"clicks","cardinality":"many","dataType":"binary"}]"#;
    let kafka = Declaration::new("count", Kind::Stream, Bindings::read(json).unwrap());
    let process = Scripted::new(|_, _| Ok(done()));
    assert_eq!(Feed::new(&kafka, None).run(&process, [record("0", "1", "")]).await.unwrap().acknowledged, 1);

    let function = obedient("mirror", Kind::Change, "users");
    let declaration = declared(&function);
    let here = Here::new(table(vec![function]), "api").unwrap();
    let change = |after: Option<&str>| {
        let change = Change { collection: Some("users".into()), after: after.map(str::to_owned), ..Change::default() };
        Event::new(Provider::Local, Trigger::Change(Box::new(change)))
    };
    let changes = (0..3).map(|number| change(Some(&format!(r#"{{"id":"{number}"}}"#))));
    assert_eq!(Feed::new(&declaration, policy).run(&here, changes).await.unwrap().deliveries, 1);
    let error = Feed::new(&declaration, policy).run(&here, [change(None)]).await.unwrap_err().to_string();
    assert!(error.contains("the change feed has no deletes"), "{error}");
}
