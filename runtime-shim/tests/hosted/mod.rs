//! What the tests of the hosts on this machine share: a process that answers by a script, and programs to start.
#![allow(dead_code, reason = "each test uses some of them")]

pub(crate) mod program;
mod scripted;

use std::sync::Arc;

use polyfn_shim::{
    Event, Failure, Outcome, Provider, Reply, Trigger,
    event::{Kind, Queue, Topic},
    function::{Binding, Description, Filter, Function, Functions, Table},
};

pub(crate) use self::scripted::{Scripted, status};

/// A function of this resource that does what stands in its event's data.
pub(crate) fn obedient(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
    Function::new(Description::new(name, binding), |event, _| async move { obey(&event).await })
}

/// The same for several events at once.
pub(crate) fn obedient_batch(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
    Function::batch(Description::new(name, binding), |events, _| async move {
        let mut outcomes = Vec::new();
        for event in &events {
            outcomes.push(obey(event).await);
        }
        outcomes
    })
}

async fn obey(event: &Event) -> Outcome {
    let data = String::from_utf8_lossy(event.data().map_or(b"", |data| data)).into_owned();
    let failed = || Outcome::Retry(Failure::new("Error", "as told"));
    match data.as_str() {
        "fail" => failed(),
        "drop" => Outcome::Drop(Failure::new("Error", "as told")),
        "once" if event.attempt() == 1 => failed(),
        _ => Outcome::Done(Reply::Empty),
    }
}

pub(crate) fn table(functions: Vec<Function>) -> Arc<Table> {
    Arc::new(Table::new(Functions::new(functions), None, true).unwrap())
}

/// A message of the queue `orders`, in this group if there is one.
pub(crate) fn queued(id: &str, group: Option<&str>, data: &str) -> Event {
    let queue = Queue { name: Some("orders".to_owned()), group: group.map(str::to_owned), sequence: None };
    Event::new(Provider::Local, Trigger::Queue(queue)).with_id(id).with_source("/orders").with_data(data.to_owned(), None)
}

/// A message of the topic `orders`, with this ordering key if there is one.
pub(crate) fn published(id: &str, key: Option<&str>, data: &str) -> Event {
    let topic = Topic { name: Some("orders".to_owned()), subject: None, ordering_key: key.map(str::to_owned) };
    Event::new(Provider::Local, Trigger::Topic(topic)).with_id(id).with_data(data.to_owned(), None)
}

pub(crate) fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(Event::id).collect()
}
