//! A broker, by the table of Knative's data plane.

use std::time::Duration;

use http::HeaderValue;
use polyfn_shim::{
    cloudevents::Mode,
    event::Kind,
    local::{
        Delays,
        Settled::{Acknowledged, Again},
        container::{host::Here, settled, source::Broker},
    },
};
use serde_json::Value;
use tokio::time::timeout;

use crate::hosted::{Scripted, ids, obedient, queued, status, table};

#[test]
fn a_2xx_is_for_all_events_of_a_delivery() {
    for (code, want) in [(200, Acknowledged), (202, Acknowledged), (204, Acknowledged), (299, Acknowledged)]
        .into_iter()
        .chain([102, 302, 400, 404, 429, 500].map(|code| (code, Again)))
    {
        assert_eq!(settled(2, &status(code)), [want, want], "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_status_decides_whether_an_event_comes_again() {
    for code in (102..600_u16).filter(|code| ![200, 202].contains(code)) {
        let process = Scripted::new(move |_, _| Ok(status(code)));
        let tally = Broker::new(Mode::Binary).with_retries(2).run(&process, [queued("1", None, "")]).await.unwrap();
        let (acknowledged, deliveries) = match code {
            200..=299 => (1, 1),
            404 | 408 | 409 | 429 | 500..=599 => (0, 3),
            _ => (0, 1),
        };
        assert_eq!((tally.acknowledged, tally.deliveries), (acknowledged, deliveries), "{code}");
        assert_eq!(tally.dead.len(), usize::from(acknowledged == 0), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn delays_double_and_ten_retries_are_the_default() {
    let process = Scripted::with(&[500]);
    let tally = Broker::new(Mode::Structured).run(&process, [queued("1", None, "")]).await.unwrap();
    assert_eq!((tally.deliveries, ids(&tally.dead)), (11, vec!["1"]));
    // Of 0.2 s: 0.2, 0.6, 1.4 ... in all 0.2 * (2^10 - 1).
    assert_eq!(process.seconds(), [0, 0, 0, 1, 3, 6, 12, 25, 51, 102, 204]);
    let process = Scripted::with(&[500]);
    let linear = Broker::new(Mode::Structured).with_delays(Delays::linear(Duration::from_secs(1))).with_retries(4);
    linear.run(&process, [queued("1", None, "")]).await.unwrap();
    assert_eq!(process.seconds(), [0, 1, 3, 6, 10]);
}

#[tokio::test(start_paused = true)]
async fn retry_after_counts_only_where_the_broker_heeds_it() {
    let busy = || {
        Scripted::new(|_, number| {
            let mut reply = status(if number == 0 { 429 } else { 200 });
            reply.headers_mut().insert("retry-after", HeaderValue::from_static("100"));
            Ok(reply)
        })
    };
    for (most, want) in [(None, [0, 0]), (Some(60), [0, 60]), (Some(600), [0, 100])] {
        let (process, broker) = (busy(), Broker::new(Mode::Binary));
        let broker = most.map_or(broker.clone(), |most| broker.with_retry_after(Duration::from_secs(most)));
        broker.run(&process, [queued("1", None, "")]).await.unwrap();
        assert_eq!(process.seconds(), want, "{most:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_shares_one_answer() {
    let process = Scripted::with(&[503, 204, 400]);
    let broker = Broker::new(Mode::Batch).with_batch(2).with_at_once(1);
    let events = ["1", "2", "3", "4"].map(|id| queued(id, None, ""));
    let tally = broker.run(&process, events).await.unwrap();
    let sent: Vec<Vec<String>> = process
        .bodies()
        .iter()
        .map(|body| {
            let events: Vec<Value> = serde_json::from_slice(body).unwrap();
            events.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
        })
        .collect();
    // The first batch comes again whole, after the one that was sent meanwhile.
    assert_eq!(sent, [["1", "2"], ["3", "4"], ["1", "2"]]);
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (2, vec!["1", "2"]));
    assert_eq!(process.header("content-type")[0].as_deref(), Some("application/cloudevents-batch+json"));
}

#[tokio::test(start_paused = true)]
async fn a_late_reply_is_none() {
    let process = Scripted::with(&[204]).taking(Duration::from_secs(31));
    let broker = Broker::new(Mode::Binary).with_timeout(Duration::from_secs(30)).with_retries(1);
    assert_eq!(broker.run(&process, [queued("1", None, "")]).await.unwrap().dead.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn functions_of_this_process_are_delivered_to_in_every_mode() {
    let here = Here::new(table(vec![obedient("f", Kind::Queue, "orders")]));
    for mode in [Mode::Binary, Mode::Structured, Mode::Batch] {
        let events = [queued("1", Some("a"), ""), queued("2", Some("a"), "fail"), queued("3", Some("b"), "drop")];
        let broker = Broker::new(mode).with_batch(1).with_retries(1).ordered();
        let tally = broker.run(&here, events).await.unwrap();
        assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (2, 4, vec!["2"]), "{mode:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_batches_at_once_leave_the_runtime_its_thread() {
    let here = Here::new(table(vec![obedient("f", Kind::Queue, "orders")]));
    let events = (0..2_000).map(|number| queued(&number.to_string(), None, ""));
    let tally = timeout(Duration::from_secs(60), Broker::new(Mode::Batch).run(&here, events)).await.unwrap().unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (2_000, 200));
}
