//! Deliveries of several events that the time runs out for.

use std::{thread, time::Duration};

use polyfn_shim::{
    Failure, Outcome, Reply,
    event::{Kind, Time},
    function::{Binding, Description, Filter, Function, Functions},
};

use crate::{
    api::{Api, delivery},
    posts,
};

fn description(kind: Kind, name: &'static str) -> Description {
    Description::new("work", Binding::Resource { kind, name, filter: Filter::default() })
}

fn messages(bodies: &[&str]) -> String {
    let message = |body: &&str| {
        let source = r#""eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:1:orders""#;
        format!(r#"{{{source},"messageId":"{body}","body":"{body}"}}"#)
    };
    format!(r#"{{"Records":[{}]}}"#, bodies.iter().map(message).collect::<Vec<_>>().join(","))
}

/// The header of a deadline in so many milliseconds.
fn deadline(millis: u64) -> String {
    let deadline = Time::now().after(Duration::from_millis(millis)).unwrap();
    format!("Lambda-Runtime-Deadline-Ms: {}\r\n", deadline.as_millis())
}

const REPLY: &str = r#"{"batchItemFailures":[{"itemIdentifier":"slow"}]}"#;

#[test]
fn the_messages_that_are_done_in_time_are_not_delivered_again() {
    let function = Function::new(description(Kind::Queue, "orders"), |event, _| async move {
        if event.id() == "slow" {
            std::future::pending::<()>().await;
        }
        Outcome::Done(Reply::Empty)
    });
    let api = Api::new(vec![delivery("1", &deadline(1000), &messages(&["a", "slow", "b"]))]);
    let (seen, ended) = api.run(Functions::new(vec![function]), &[], 1);
    assert!(ended.is_none());
    assert_eq!(posts(&seen), [("/2018-06-01/runtime/invocation/1/response", REPLY)]);
}

#[test]
fn the_same_of_a_plain_function() {
    let function = Function::blocking(description(Kind::Queue, "orders"), |event, _| {
        if event.id() == "slow" {
            thread::sleep(Duration::from_millis(2500));
        }
        Outcome::Done(Reply::Empty)
    });
    let from = std::time::Instant::now();
    let api =
        Api::new(vec![delivery("1", &deadline(1000), &messages(&["a", "slow", "b"])), delivery("2", "", &messages(&["c", "d"]))]);
    let (seen, _) = api.run(Functions::new(vec![function]), &[], 2);
    assert_eq!(posts(&seen).iter().map(|(_, body)| *body).collect::<Vec<_>>(), [REPLY, r#"{"batchItemFailures":[]}"#]);
    assert!(from.elapsed() >= Duration::from_millis(2500), "the test's runtime waits for its threads");
}

#[test]
fn the_time_of_one_event_is_lambdas_business() {
    let function = Function::new(description(Kind::Event, "paid"), |_, _| async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Outcome::Retry(Failure::new("Told", "as told"))
    });
    let event = r#"{"id":"1","source":"shop","detail-type":"paid","time":"2024-05-01T10:00:00Z","detail":{}}"#;
    let (seen, _) = Api::new(vec![delivery("1", &deadline(200), event)]).run(Functions::new(vec![function]), &[], 1);
    assert!(posts(&seen)[0].1.contains("Function.Told"), "{:?}", posts(&seen));
}
