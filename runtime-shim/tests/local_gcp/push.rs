//! Push subscriptions, by the rules of Pub/Sub and of Eventarc.

use std::time::Duration;

use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Action, Change, Kind},
    local::{
        ProcessError,
        Settled::{Acknowledged, Again},
        gcp::{Form, changes::Source, host::Here, settled, source::PubSub},
    },
};
use serde_json::Value;

use crate::hosted::{Scripted, ids, obedient, published, status, table};

#[test]
fn five_statuses_acknowledge_a_push() {
    for code in 100..600 {
        let want = if [102, 200, 201, 202, 204].contains(&code) { Acknowledged } else { Again };
        for form in Form::ALL {
            let want = match form {
                Form::Http | Form::Direct => Acknowledged,
                // A background event is no push.
                Form::Tasks | Form::Scheduler | Form::Legacy | Form::LegacyRealtimeDatabase => {
                    if (200..300).contains(&code) {
                        Acknowledged
                    } else {
                        Again
                    }
                }
                _ => want,
            };
            assert_eq!(settled(form, 2, &status(code)), [want, want], "{form:?} {code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_acknowledged_comes_again_after_a_back_off_that_doubles() {
    let process = Scripted::with(&[500, 203, 206, 301, 404, 503, 429, 500, 102]);
    let tally = PubSub::new(Form::WrappedPush).run(&process, [published("1", None, "hi")]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (1, 9, 0));
    // 10, 20, 40, 80, 160, 320, 600, 600 seconds between.
    assert_eq!(process.seconds(), [0, 10, 30, 70, 150, 310, 630, 1_230, 1_830]);
    // Nobody counts the deliveries without a dead-letter topic.
    for body in process.bodies() {
        let push: Value = serde_json::from_slice(&body).unwrap();
        assert!(push.get("deliveryAttempt").is_none(), "{push}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_dead_letter_topic_gets_what_failed_often_enough_and_a_push_is_told_its_attempt() {
    let process = Scripted::with(&[500]);
    let source = PubSub::new(Form::WrappedPush).with_dead_letters_after(6);
    let tally = source.run(&process, [published("1", None, "hi")]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (0, 6, vec!["1"]));
    let attempt = |body| serde_json::from_slice::<Value>(body).unwrap()["deliveryAttempt"].as_u64();
    let attempts: Vec<_> = process.bodies().iter().map(|body| attempt(body)).collect();
    assert_eq!(attempts[1..], [Some(2), Some(3), Some(4), Some(5), Some(6)]);
    // Fewer than five are five, as there.
    let few = PubSub::new(Form::WrappedPush).with_dead_letters_after(1);
    assert_eq!(few.run(&Scripted::with(&[500]), [published("1", None, "")]).await.unwrap().deliveries, 5);
}

#[tokio::test(start_paused = true)]
async fn a_reply_after_the_deadline_is_none() {
    let process = Scripted::with(&[204]).taking(Duration::from_secs(15));
    let source = PubSub::new(Form::WrappedPush).with_dead_letters_after(5);
    assert_eq!(source.run(&process, [published("1", None, "")]).await.unwrap().dead.len(), 1);
    // The next delivery is counted from the deadline on: 10 s, and 10, 20, 40, 80 s of back-off.
    assert_eq!(process.seconds(), [0, 20, 50, 100, 190]);
    let patient = source.with_deadline(Duration::from_secs(20));
    assert_eq!(patient.run(&process, [published("1", None, "")]).await.unwrap().acknowledged, 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_kept_for_seven_days_and_an_event_of_eventarc_for_one() {
    let day = 24 * 60 * 60;
    for (form, days) in [(Form::WrappedPush, 7), (Form::UnwrappedPush, 7), (Form::Eventarc, 1), (Form::Structured, 1)] {
        let process = Scripted::with(&[500]);
        let tally = PubSub::new(form).run(&process, [published("1", None, "")]).await.unwrap();
        assert_eq!(ids(&tally.dead), ["1"], "{form:?}");
        let last = *process.seconds().last().unwrap();
        assert!((days * day..days * day + 601).contains(&last), "{form:?}: {last}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_message_of_a_key_waits_for_the_one_before() {
    let here = Here::new(table(vec![obedient("f", Kind::Topic, "orders")]), None);
    let messages = || {
        [
            ("1", Some("a"), "once"),
            ("2", Some("a"), ""),
            ("3", Some("b"), ""),
            ("4", None, ""),
            ("5", Some("a"), "fail"),
            ("6", Some("a"), ""),
        ]
        .map(|(id, key, data)| published(id, key, data))
    };
    let order = |process: &Scripted| -> Vec<String> {
        let id = |body| serde_json::from_slice::<Value>(body).unwrap()["message"]["messageId"].as_str().unwrap().to_owned();
        process.bodies().iter().map(|body| id(body)).collect()
    };
    // Of the key `a` 1 fails once and 5 always.
    let failing = || {
        Scripted::new(|request, _| {
            let push: Value = serde_json::from_slice(request.body()).unwrap();
            let again = push["message"]["messageId"] == "1" && push.get("deliveryAttempt").is_none();
            Ok(status(if again || push["message"]["messageId"] == "5" { 500 } else { 204 }))
        })
    };
    let process = failing();
    let source = PubSub::new(Form::WrappedPush).with_dead_letters_after(5).ordered();
    let tally = source.run(&process, messages()).await.unwrap();
    assert_eq!(order(&process), ["1", "3", "4", "1", "2", "5", "5", "5", "5", "5", "6"]);
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (5, vec!["5"]));
    // Without ordering nobody waits.
    let process = failing();
    PubSub::new(Form::WrappedPush).with_dead_letters_after(5).run(&process, messages()).await.unwrap();
    assert_eq!(order(&process)[..6], ["1", "2", "3", "4", "5", "6"]);
    // The same with functions that obey.
    let tally = source.run(&here, messages()).await.unwrap();
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (5, vec!["5"]));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_is_gone_acknowledges_nothing() {
    let process = Scripted::new(|_, number| match number {
        0 => Err(ProcessError::Exited("gone".to_owned())),
        1 => Err(ProcessError::Broken("no reply".to_owned())),
        _ => Ok(status(200)),
    });
    let tally = PubSub::new(Form::WrappedPush).run(&process, [published("1", None, "")]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn changes_of_a_database_come_by_eventarc() {
    let here = Here::new(table(vec![obedient("f", Kind::Change, "books")]), None);
    for database in Source::ALL {
        let change = Change {
            action: Action::Created,
            collection: Some("books".into()),
            key: Some(r#""dune""#.into()),
            before: None,
            after: Some(r#"{"copies":3}"#.into()),
        };
        let change = Event::new(Provider::Local, Trigger::Change(Box::new(change))).with_id("1");
        let source = PubSub::of_changes(database);
        assert_eq!(source.run(&here, [change.clone()]).await.unwrap().acknowledged, 1, "{database:?}");
        let process = Scripted::with(&[500]);
        assert_eq!(ids(&source.run(&process, [change]).await.unwrap().dead), ["1"]);
        assert_eq!(process.seconds().last().unwrap() / (24 * 60 * 60), 1, "{database:?}");
    }
}

#[tokio::test]
async fn what_does_not_come_in_a_form_is_an_error() {
    let tick = Event::new(Provider::Gcp, Trigger::Schedule(polyfn_shim::event::Schedule::default()));
    let error = PubSub::new(Form::WrappedPush).run(&Scripted::with(&[204]), [tick]).await.unwrap_err();
    assert!(error.to_string().contains("WrappedPush carries no schedule event"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_messages_with_failures_are_all_settled() {
    let process =
        Scripted::new(|_, number| Ok(status(if number % 20 == 0 { 500 } else { 204 }))).taking(Duration::from_millis(1));
    let source = PubSub::new(Form::WrappedPush).with_at_once(50);
    let messages = (0..10_000).map(|number| published(&number.to_string(), None, ""));
    let tally = source.run(&process, messages).await.unwrap();
    assert_eq!((tally.acknowledged, tally.dead.len()), (10_000, 0));
    assert_eq!(process.at_once(), 50);
}
