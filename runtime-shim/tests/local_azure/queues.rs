//! Storage queues, Service Bus, blobs and Event Grid.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{
    Event, Provider, Trigger,
    azure::{Bindings, Declaration},
    event::{Action, Kind, Object},
    local::{
        Delays, ProcessError,
        azure::{
            host::Here,
            source::{Blob, EventGrid, ServiceBus, StorageQueue},
        },
    },
};
use serde_json::Value;

use crate::{
    declared,
    hosted::{Scripted, ids, obedient, published, queued, status, table},
};

fn done() -> Response<Bytes> {
    let reply = Response::builder().header("content-type", "application/json");
    reply.body(Bytes::from_static(br#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#)).unwrap()
}

fn metadata(request: &Request<Bytes>) -> Value {
    serde_json::from_slice::<Value>(request.body()).unwrap()["Metadata"].take()
}

#[tokio::test(start_paused = true)]
async fn a_message_that_fails_five_times_is_poison() {
    let function = obedient("fulfil", Kind::Queue, "orders");
    let declaration = declared(&function);
    let here = Here::new(table(vec![function]), "api").unwrap();
    let messages = [queued("1", None, ""), queued("2", None, "fail"), queued("3", None, "once"), queued("4", None, "drop")];
    let tally = StorageQueue::new(&declaration).run(&here, messages.clone()).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (3, 1 + 5 + 2 + 1));
    let [poison] = tally.dead.as_slice() else { panic!("{:?}", tally.dead) };
    let Trigger::Queue(queue) = poison.trigger() else { panic!("{poison:?}") };
    assert_eq!(queue.name.as_deref(), Some("orders-poison"));
    assert_eq!((poison.data().unwrap(), poison.attempt()), (&Bytes::from_static(b"fail"), 1));
    let fewer = StorageQueue::new(&declaration).with_max_dequeue_count(2).run(&here, messages).await.unwrap();
    assert_eq!(fewer.deliveries, 1 + 2 + 2 + 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_told_its_dequeue_count_and_hidden_for_the_visibility_timeout() {
    let declaration = declared(&obedient("fulfil", Kind::Queue, "orders"));
    let counts = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&counts);
    let process = Scripted::new(move |request, number| {
        seen.lock().unwrap().push(metadata(request)["DequeueCount"].as_str().unwrap().to_owned());
        match number {
            0 => Ok(status(500)),
            // An empty answer is none: the host hangs on it.
            1 => Ok(status(204)),
            2 => Err(ProcessError::Exited("gone".to_owned())),
            _ => Ok(done()),
        }
    });
    let source = StorageQueue::new(&declaration).with_visibility_timeout(Duration::from_secs(30));
    let tally = source.run(&process, [queued("1", None, "")]).await.unwrap();
    assert_eq!((tally.acknowledged, process.seconds()), (1, vec![0, 30, 60, 90]));
    assert_eq!(*counts.lock().unwrap(), ["1", "2", "3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn sixteen_messages_are_out_at_once() {
    let declaration = declared(&obedient("fulfil", Kind::Queue, "orders"));
    let process = Scripted::new(|_, _| Ok(done())).taking(Duration::from_secs(1));
    let messages = (0..100).map(|number| queued(&number.to_string(), None, ""));
    let tally = StorageQueue::new(&declaration).run(&process, messages).await.unwrap();
    assert_eq!((tally.acknowledged, process.at_once()), (100, 16));
}

fn service_bus(cardinality: &str) -> Declaration {
    let json = format!(
        r#"[{{"type":"serviceBusTrigger","name":"msg","queueName":"orders","dataType":"binary","cardinality":"{cardinality}"}}]"#
    );
    Declaration::new("fulfil", Kind::Queue, Bindings::read(json.as_bytes()).unwrap())
}

/// Fails every delivery that holds this message.
fn failing(id: &'static str) -> Scripted {
    Scripted::new(move |request, _| {
        let metadata = metadata(request);
        let told =
            [&metadata["MessageId"], &metadata["MessageIdArray"]].into_iter().filter_map(Value::as_str).collect::<String>();
        Ok(if told.contains(&format!("\"{id}\"")) { status(500) } else { done() })
    })
}

/// The ids of each delivery, and which delivery of them it is.
fn deliveries(process: &Scripted) -> Vec<(String, String)> {
    let told = |body: &Bytes| {
        let metadata = serde_json::from_slice::<Value>(body).unwrap()["Metadata"].take();
        let text = |one: &str, many: &str| metadata.get(one).or(metadata.get(many)).unwrap().as_str().unwrap().replace('"', "");
        (text("MessageId", "MessageIdArray"), text("DeliveryCount", "DeliveryCountArray"))
    };
    process.bodies().iter().map(told).collect()
}

#[tokio::test(start_paused = true)]
async fn a_session_keeps_its_order_and_ten_deliveries_are_the_most() {
    let (declaration, process) = (service_bus("one"), failing("2"));
    let messages = [("1", "a"), ("2", "a"), ("3", "a"), ("4", "b")].map(|(id, session)| queued(id, Some(session), ""));
    let tally = ServiceBus::new(&declaration).run(&process, messages).await.unwrap();
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (3, vec!["2"]));
    let of_a: Vec<_> = deliveries(&process).into_iter().filter(|(id, _)| id != "4").collect();
    let twos = (1..=10).map(|count| ("2".to_owned(), count.to_string()));
    let want: Vec<_> =
        [("1".to_owned(), "1".to_owned())].into_iter().chain(twos).chain([("3".to_owned(), "1".to_owned())]).collect();
    assert_eq!(of_a, want);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_all_or_nothing() {
    let (declaration, process) = (service_bus("many"), failing("2"));
    let messages = ["1", "2", "3"].map(|id| queued(id, None, ""));
    let source = ServiceBus::new(&declaration).with_batch(2).with_max_delivery_count(3).with_at_once(1);
    let tally = source.run(&process, messages).await.unwrap();
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (1, vec!["1", "2"]));
    let deliveries = deliveries(&process);
    assert_eq!(
        deliveries.iter().filter(|(ids, _)| ids == "[1,2]").map(|(_, count)| count.as_str()).collect::<Vec<_>>(),
        ["[1,1]", "[2,2]", "[3,3]"]
    );
    // A function that takes one gets one.
    let (declaration, process) = (service_bus("one"), failing("none"));
    ServiceBus::new(&declaration).with_batch(2).run(&process, ["1", "2"].map(|id| queued(id, None, ""))).await.unwrap();
    assert_eq!(process.bodies().len(), 2);
}

fn blob(action: Action, key: &str, data: &'static str) -> Event {
    let object = Object { action, bucket: "in".into(), key: key.into(), etag: Some("e1".into()), ..Object::default() };
    Event::new(Provider::Local, Trigger::Object(Box::new(object)))
        .with_id(key)
        .with_source("https://acct.blob.core.windows.net/in")
        .with_data(data, None)
}

#[tokio::test(start_paused = true)]
async fn a_blob_that_fails_five_times_is_named_in_the_poison_queue() {
    let function = obedient("thumbnail", Kind::Object, "in");
    let declaration = declared(&function);
    let here = Here::new(table(vec![function]), "api").unwrap();
    let blobs = [blob(Action::Created, "a b.txt", "fail"), blob(Action::Created, "c", "")];
    let tally = Blob::new(&declaration).run(&here, blobs).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (1, 6));
    let [poison] = tally.dead.as_slice() else { panic!("{:?}", tally.dead) };
    let Trigger::Queue(queue) = poison.trigger() else { panic!("{poison:?}") };
    assert_eq!(queue.name.as_deref(), Some("webjobs-blobtrigger-poison"));
    let message: Value = serde_json::from_slice(poison.data().unwrap()).unwrap();
    assert_eq!(message["FunctionId"], "Host.Functions.thumbnail");
    assert_eq!(
        (&message["ContainerName"], &message["BlobName"], &message["ETag"]),
        (&"in".into(), &"a b.txt".into(), &"e1".into())
    );
}

#[tokio::test(start_paused = true)]
async fn one_failure_of_event_grid_brings_the_whole_delivery_again() {
    let function = obedient("notify", Kind::Event, "shop.paid");
    let declaration = declared(&function);
    let paid = |id: &str| {
        let event = Event::new(Provider::Local, Trigger::Event).with_id(id).with_source("/shop").with_type("shop.paid");
        event.with_data("\"hi\"", Some("application/json"))
    };
    let body = |request: &Request<Bytes>| serde_json::from_slice::<Value>(request.body()).unwrap()["Data"]["event"]["id"].clone();
    let process = Scripted::new(move |request, number| Ok(if body(request) == "2" && number < 6 { status(500) } else { done() }));
    let process = process.taking(Duration::from_secs(1));
    let source = EventGrid::new(&declaration).with_batch(3);
    let tally = source.run(&process, ["1", "2", "3"].map(paid)).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (3, 3));
    // Three invocations at once, and all of them again.
    assert_eq!(process.seconds(), [0, 0, 0, 11, 11, 11, 42, 42, 42]);
    assert_eq!(process.at_once(), 3);

    // 10 s, 30 s, 1, 5, 10, 30 min, 1, 3, 6, 12 h: the twelfth delivery is past the day.
    let process = Scripted::new(|_, _| Ok(status(500)));
    let tally = EventGrid::new(&declaration).run(&process, [paid("1")]).await.unwrap();
    let minutes: Vec<_> = process.seconds().iter().map(|second| second / 60).collect();
    assert_eq!(minutes, [0, 0, 0, 1, 6, 16, 46, 106, 286, 646, 1_366, 2_086]);
    assert_eq!(ids(&tally.dead), ["1"]);
    let process = Scripted::new(|_, _| Ok(status(500)));
    let few = EventGrid::new(&declaration).with_max_delivery_attempts(2).with_delays(Delays::NONE);
    assert_eq!(few.run(&process, [paid("1")]).await.unwrap().deliveries, 2);

    let here = Here::new(table(vec![function]), "api").unwrap();
    assert_eq!(source.run(&here, ["1", "2"].map(paid)).await.unwrap().acknowledged, 2);
}

#[tokio::test]
async fn what_the_host_would_not_send_is_an_error_that_names_the_function() {
    let declaration = declared(&obedient("fulfil", Kind::Queue, "orders"));
    let process = Scripted::new(|_, _| Ok(done()));
    let tally = Blob::new(&declaration).run(&process, [published("1", None, "")]).await;
    assert!(tally.is_ok_and(|tally| tally.acknowledged == 1), "a queue's message is one of whatever sent it");
    let timer = declared(&obedient("nightly", Kind::Schedule, "* * * * *"));
    let error = StorageQueue::new(&timer).run(&process, [queued("1", None, "")]).await.unwrap_err();
    assert!(error.to_string().starts_with("nightly: "), "{error}");
}
