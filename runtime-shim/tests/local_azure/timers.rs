//! Timers.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Kind, Schedule, Time},
    local::{
        Delays,
        azure::{
            host::Here,
            source::{RetryPolicy, Timer},
        },
    },
};
use serde_json::Value;

use crate::{
    declared,
    hosted::{Scripted, obedient, status, table},
};

fn tick(second: i64) -> Event {
    let schedule = Schedule { name: None, scheduled_for: Time::from_seconds(second) };
    Event::new(Provider::Local, Trigger::Schedule(schedule)).with_id(second.to_string())
}

fn done() -> Response<Bytes> {
    let reply = Response::builder().header("content-type", "application/json");
    reply.body(Bytes::from_static(br#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#)).unwrap()
}

/// What each run was for, and whether it was told that it is past due.
fn runs(process: &Scripted) -> Vec<(String, bool)> {
    let told = |body: &Bytes| {
        let timer = serde_json::from_slice::<Value>(body).unwrap()["Data"]["timer"].take();
        (timer["ScheduleStatus"]["Next"].as_str().unwrap().to_owned(), timer["IsPastDue"].as_bool().unwrap())
    };
    process.bodies().iter().map(told).collect()
}

#[tokio::test(start_paused = true)]
async fn the_last_missed_tick_runs_at_the_start_and_is_past_due() {
    let function = declared(&obedient("nightly", Kind::Schedule, "* * * * *"));
    let process = Scripted::new(|_, _| Ok(done()));
    let now = Time::from_seconds(1_000).unwrap();
    let ticks = [880, 940, 1_060, 1_120].map(tick);
    let tally = Timer::new(&function, None).run(&process, now, &ticks).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (3, 3));
    assert_eq!(process.seconds(), [0, 60, 120]);
    let want = [("1970-01-01T00:15:40Z", true), ("1970-01-01T00:17:40Z", false), ("1970-01-01T00:18:40Z", false)];
    assert_eq!(runs(&process), want.map(|(at, past)| (at.to_owned(), past)));
}

#[tokio::test(start_paused = true)]
async fn what_falls_due_during_a_run_is_one_run_after_it() {
    let function = declared(&obedient("nightly", Kind::Schedule, "* * * * *"));
    let process = Scripted::new(|_, _| Ok(done())).taking(Duration::from_secs(150));
    let now = Time::from_seconds(0).unwrap();
    Timer::new(&function, None).run(&process, now, &[60, 120, 180, 240, 600].map(tick)).await.unwrap();
    assert_eq!((process.at_once(), process.seconds()), (1, vec![60, 210, 360, 600]));
    let at: Vec<_> = runs(&process).into_iter().map(|(at, _)| at).collect();
    assert_eq!(at, ["1970-01-01T00:01:00Z", "1970-01-01T00:03:00Z", "1970-01-01T00:04:00Z", "1970-01-01T00:10:00Z"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_failed_is_over_unless_there_is_a_retry_policy() {
    let function = declared(&obedient("nightly", Kind::Schedule, "* * * * *"));
    let now = Time::from_seconds(0).unwrap();
    let process = Scripted::with(&[500]);
    let tally = Timer::new(&function, None).run(&process, now, &[tick(60)]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (0, 1, 1));
    let process = Scripted::new(|_, number| Ok(if number < 2 { status(500) } else { done() }));
    let policy = RetryPolicy { most: Some(3), delays: Delays::fixed(Duration::from_secs(10)) };
    let tally = Timer::new(&function, Some(policy)).run(&process, now, &[tick(60)]).await.unwrap();
    assert_eq!((tally.acknowledged, process.seconds()), (1, vec![60, 70, 80]));
    // From the first attempt on.
    let context = |body: &Bytes| serde_json::from_slice::<Value>(body).unwrap()["Metadata"]["RetryContext"].take();
    let bodies = process.bodies();
    let contexts = bodies.iter().map(context).map(|it| (it["RetryCount"].clone(), it["MaxRetryCount"].clone()));
    assert_eq!(contexts.collect::<Vec<_>>(), [0, 1, 2].map(|count| (Value::from(count), Value::from(3))));
}

#[tokio::test(start_paused = true)]
async fn functions_of_this_process_tick() {
    let function = obedient("nightly", Kind::Schedule, "* * * * *");
    let declaration = declared(&function);
    let here = Here::new(table(vec![function]), "api").unwrap();
    let timer = Timer::new(&declaration, None);
    let tally = timer.run(&here, Time::from_seconds(0).unwrap(), &[tick(60), tick(120)]).await.unwrap();
    assert_eq!(tally.acknowledged, 2);
    let untimed = Event::new(Provider::Local, Trigger::Schedule(Schedule::default()));
    let error = timer.run(&here, Time::now(), &[untimed]).await.unwrap_err().to_string();
    assert_eq!(error, "schedule.scheduled_for: missing");
}
