//! Several events in one delivery, to functions of this process.
#![cfg(all(feature = "aws", feature = "azure", feature = "container", feature = "gcp", feature = "local"))]
#![allow(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::sync::Arc;

use polyfn_shim::{
    Event, Failure, Outcome, Provider, Reply, Trigger,
    aws::Shape,
    azure::Mode,
    cloudevents,
    event::{Kind, Queue, Stream, Topic},
    function::{Binding, Description, Filter, Function, Functions, Table},
    local::{
        Form, Hosts,
        Settled::{self, Acknowledged, Again},
    },
};

/// A function of several events of this kind, of which those with the data `broken` fail.
fn hosts(kind: Kind) -> Hosts {
    let binding = Binding::Resource { kind, name: "things", filter: Filter::default() };
    let count = Function::batch(Description::new("count", binding), |events, _| async move {
        let outcome = |event: &Event| match event.data() {
            Some(data) if data == "broken" => Outcome::Retry(Failure::new("Broken", "it is broken")),
            _ => Outcome::Done(Reply::Empty),
        };
        events.iter().map(outcome).collect()
    });
    Hosts::new(Arc::new(Table::new(Functions::new(vec![count]), None, true).unwrap()))
}

fn event(kind: Kind, data: &str) -> Event {
    let name = Some("things".to_owned());
    let trigger = match kind {
        Kind::Topic => Trigger::Topic(Topic { name, ..Topic::default() }),
        Kind::Stream => Trigger::Stream(Stream { name, ..Stream::default() }),
        _ => Trigger::Queue(Queue { name, ..Queue::default() }),
    };
    Event::new(Provider::Local, trigger).with_data(data.to_owned(), None)
}

/// What becomes of four things of which the third is broken; each is the function's, in one call.
async fn ends(form: Form, kind: Kind) -> Vec<Settled> {
    let events = ["cup", "tea", "broken", "pot"].map(|data| event(kind, data));
    let delivered = hosts(kind).deliver_batch(form, &events).await.unwrap();
    let came: Vec<_> = delivered.calls.iter().map(|call| call.event.data().unwrap().clone()).collect();
    assert_eq!(came, ["cup", "tea", "broken", "pot"], "{form}");
    assert_eq!(delivered.settled, Again, "{form}");
    delivered.each
}

#[tokio::test]
async fn each_event_of_a_batch_has_the_end_that_its_source_gives_it() {
    let one = [Acknowledged, Acknowledged, Again, Acknowledged];
    let (behind, whole) = ([Acknowledged, Acknowledged, Again, Again], [Again; 4]);
    assert_eq!(ends(Form::Local, Kind::Queue).await, one);
    assert_eq!(ends(Form::Aws(Shape::Sqs), Kind::Queue).await, one);
    assert_eq!(ends(Form::Aws(Shape::Kinesis), Kind::Stream).await, behind);
    assert_eq!(ends(Form::Aws(Shape::Kafka), Kind::Stream).await, behind);
    assert_eq!(ends(Form::Azure(Mode::Json), Kind::Topic).await, whole);
    assert_eq!(ends(Form::Azure(Mode::Json), Kind::Stream).await, whole);
    assert_eq!(ends(Form::Container(cloudevents::Mode::Batch), Kind::Queue).await, whole);
}

#[tokio::test]
async fn what_never_comes_together_is_refused() {
    let two = |kind: Kind| ["cup", "tea"].map(|data| event(kind, data));
    for form in Form::ALL {
        for kind in [Kind::Queue, Kind::Topic, Kind::Stream] {
            if form.carries(kind) && !form.carries_batches(kind) {
                let refused = hosts(kind).deliver_batch(*form, &two(kind)).await.unwrap_err().to_string();
                assert!(refused.ends_with("one by one"), "{form} {kind}: {refused}");
            }
        }
    }
    let refused = async |events: &[Event]| hosts(Kind::Queue).deliver_batch(Form::Local, events).await.unwrap_err().to_string();
    assert_eq!(refused(&[]).await, "there is no event");
    let mixed = [event(Kind::Queue, "cup"), event(Kind::Topic, "tea")];
    assert_eq!(refused(&mixed).await, "events of different kinds come in deliveries of their own");
    let alike = two(Kind::Queue).map(|event| event.with_id("1"));
    assert_eq!(refused(&alike).await, "two events of one id, which a reply could not tell apart");
}
