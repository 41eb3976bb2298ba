//! What invokes a function and does not wait.

use std::time::Duration;

use polyfn_shim::{
    Event, Provider, Trigger,
    aws::Shape,
    event::{Action, Object, Topic},
    local::aws::Asynchronous,
};
use serde_json::json;

use crate::script::{Answer, Script};

fn topic() -> Event {
    Event::new(Provider::Aws, Trigger::Topic(Topic::default()))
        .with_id("7")
        .with_source("arn:aws:sns:x:1:t")
        .with_data("hi", None)
}

fn times(script: &Script) -> Vec<u64> {
    script.seen().iter().map(|seen| seen.at).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failed_event_is_tried_twice_more_and_then_dead() {
    let answers: [fn() -> Answer; 3] = [|| Answer::Fails, || Answer::Dies, || Answer::Status(500)];
    for answer in answers {
        let script = Script::new(move |_| answer());
        let tally = Asynchronous::new(Shape::Sns).run(&script, [topic()]).await.unwrap();
        // A minute after the first attempt, two after the second.
        assert_eq!(times(&script), [0, 60, 180]);
        assert_eq!((tally.acknowledged, tally.deliveries), (0, 3));
        assert_eq!(tally.dead, [topic()]);
    }
}

#[tokio::test(start_paused = true)]
async fn any_reply_that_is_no_failure_is_done() {
    for reply in [json!(null), json!("no"), json!({"batchItemFailures": [{"itemIdentifier": "7"}]})] {
        let script = Script::new(move |_| Answer::Reply(reply.clone()));
        let tally = Asynchronous::new(Shape::Sns).run(&script, [topic()]).await.unwrap();
        assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (1, 1, 0));
        let seen = &script.seen()[0];
        assert_eq!(seen.payload["Records"][0]["Sns"]["Message"], "hi");
        assert_eq!(seen.invocation_type.as_deref(), Some("Event"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_can_be_fewer_and_never_more() {
    for (retries, deliveries) in [(0, 1), (1, 2), (2, 3), (9, 3)] {
        let script = Script::new(|_| Answer::Fails);
        let tally = Asynchronous::new(Shape::Sns).with_retries(retries).run(&script, [topic()]).await.unwrap();
        assert_eq!((tally.deliveries, tally.dead.len()), (deliveries, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_too_old_is_dead_before() {
    let script = Script::new(|_| Answer::Fails);
    let source = Asynchronous::new(Shape::Sns).with_age(Duration::from_secs(60));
    let tally = source.run(&script, [topic()]).await.unwrap();
    assert_eq!((times(&script), tally.dead.len()), (vec![0, 60], 1));
}

#[tokio::test(start_paused = true)]
async fn what_lambda_refuses_is_not_tried_again() {
    for status in [400, 413] {
        let script = Script::new(move |_| Answer::Status(status));
        let tally = Asynchronous::new(Shape::Sns).run(&script, [topic()]).await.unwrap();
        assert_eq!((tally.deliveries, tally.dead.len()), (1, 1));
    }
    let script = Script::new(|_| Answer::Status(429));
    assert_eq!(Asynchronous::new(Shape::Sns).run(&script, [topic()]).await.unwrap().deliveries, 3);
}

#[tokio::test(start_paused = true)]
async fn each_source_sends_its_own_form_and_no_other() {
    let object = Object { action: Action::Created, bucket: "b".to_owned(), key: "a b".to_owned(), ..Object::default() };
    let object = Event::new(Provider::Aws, Trigger::Object(Box::new(object)));
    let custom = Event::new(Provider::Aws, Trigger::Event).with_type("Paid").with_source("shop").with_data("{}", None);
    let call = Event::new(Provider::Aws, Trigger::Direct).with_data("[1]", None);
    for (shape, event, pointer, want) in [
        (Shape::S3, object.clone(), "/Records/0/s3/object/key", json!("a+b")),
        (Shape::EventBridge, custom, "/detail-type", json!("Paid")),
        (Shape::Direct, call, "/0", json!(1)),
    ] {
        let script = Script::new(|_| Answer::Reply(json!(null)));
        Asynchronous::new(shape).run(&script, [event]).await.unwrap();
        assert_eq!(script.seen()[0].payload.pointer(pointer), Some(&want), "{shape:?}");
    }
    let script = Script::new(|_| Answer::Reply(json!(null)));
    let error = Asynchronous::new(Shape::Sns).run(&script, [object]).await.unwrap_err();
    assert_eq!(error.to_string(), "trigger: Sns invokes nothing for an event of kind object");
    assert!(script.seen().is_empty());
}
