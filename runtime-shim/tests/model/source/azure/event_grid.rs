//! Event Grid.
//!
//! Source: [its retries](https://learn.microsoft.com/azure/event-grid/delivery-and-retry).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Answer, Delivery, Meaning, Queue, Sent, Setting, Source},
    deliver, list, on_azure, whole,
};
use crate::{
    function::{RESOURCES, Run},
    ledger::Promise,
};

pub(crate) const EVENT_GRID: Setting = on_azure(Kind::Event, |run| Box::new(Queue::new(run, one, whole)));

/// Several events a delivery, of which the host makes as many invocations; if one fails, all are sent again.
pub(crate) const EVENT_GRID_IN_PARTS: Setting = on_azure(Kind::Event, |run| {
    let queue = Queue { batch: run.plan.batch, ..Queue::new(run, one, whole) };
    Box::new(InParts { queue, out: Vec::new() })
});

/// All events of a delivery in one invocation.
pub(crate) const EVENT_GRID_MANY: Setting = Setting {
    trigger: Some(|| json!({"type": "eventGridTrigger", "direction": "in", "name": "events", "cardinality": "many"})),
    ..on_azure(Kind::Event, |run| {
        let write = |run: &Run, sent: &[Sent]| deliver(sent, &json!({"events": list(run, sent, event)}), json!({}));
        Box::new(Queue { batch: run.plan.batch, ..Queue::new(run, write, whole) })
    })
};

fn one(run: &Run, sent: &[Sent]) -> Vec<u8> {
    deliver(sent, &json!({"event": event(run, sent.first().unwrap())}), json!({}))
}

/// Either schema, one beside the other.
fn event(run: &Run, sent: &Sent) -> Value {
    let (id, data) = (format!("e{}", sent.item), json!({"text": run.payload(sent.item)}));
    if sent.item.is_multiple_of(2) {
        json!({"specversion": "1.0", "id": id, "source": "/shop", "type": RESOURCES[0], "data": data})
    } else {
        json!({"id": id, "topic": "/topics/t", "eventType": RESOURCES[0], "eventTime": "2024-05-01T10:00:00Z", "data": data})
    }
}

struct InParts {
    queue: Queue,
    /// The deliveries that are out: their items, and what came of those that were answered.
    out: Vec<(Vec<usize>, Vec<Option<Answer>>)>,
}

impl Source for InParts {
    fn wave(&mut self) -> Vec<Delivery> {
        self.out = self.queue.wave().into_iter().map(|delivery| (delivery.items, Vec::new())).collect();
        let part = |item: &usize| {
            let sent = Sent { item: *item, attempt: 1 };
            Delivery { items: vec![*item], bytes: (self.queue.write)(&self.queue.run, &[sent]) }
        };
        self.out.iter().flat_map(|(items, _)| items).map(part).collect()
    }

    fn settle(&mut self, delivery: &Delivery, answer: Option<&Answer>) {
        let is_of = |(items, _): &&mut (Vec<usize>, _)| items.contains(&delivery.items[0]);
        let (items, answers) = self.out.iter_mut().find(is_of).unwrap();
        let done = |answer: &&Answer| whole(&self.queue.run, &delivery.items, answer) == [Meaning::Done];
        answers.push(answer.filter(done).cloned());
        if answers.len() == items.len() {
            let delivery = Delivery { items: items.clone(), bytes: Vec::new() };
            // The host answers with 202 if all is done.
            let all: Option<Vec<Answer>> = answers.drain(..).collect();
            self.queue.settle(&delivery, all.and_then(|all| all.into_iter().next()).as_ref());
        }
    }

    fn promise(&self) -> Promise {
        self.queue.promise()
    }
}
