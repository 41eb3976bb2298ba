//! Queues.
//!
//! Sources: [Queue storage](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages),
//! [Service Bus](https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#peeklock-behavior).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Queue, Sent, Setting},
    base64, deliver, list, on_azure, whole,
};
use crate::function::{RESOURCES, Run};

/// A Storage queue: each message alone, and to the poison queue after five deliveries.
pub(crate) const STORAGE_QUEUE: Setting = on_azure(Kind::Queue, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let Sent { item, attempt } = sent.first().unwrap();
        let metadata = json!({"DequeueCount": attempt.to_string(), "Id": Value::from(format!("m{item}")).to_string()});
        deliver(sent, &json!({"item": base64(&run.payload(*item))}), metadata)
    };
    Box::new(Queue::new(run, write, whole))
});

/// A Service Bus queue with sessions: a batch is of one session, and completed or abandoned whole.
pub(crate) const SERVICE_BUS: Setting = Setting {
    trigger: Some(|| {
        json!({
            "type": "serviceBusTrigger", "direction": "in", "name": "msg", "queueName": RESOURCES[0], "connection": "SB",
            "isSessionsEnabled": true, "cardinality": "many", "dataType": "binary",
        })
    }),
    ..on_azure(Kind::Queue, |run| {
        let write = |run: &Run, sent: &[Sent]| {
            let data = list(run, sent, |run, sent| base64(&run.payload(sent.item)).into());
            let metadata = json!({
                "MessageIdArray": list(run, sent, |_, sent| format!("m{}", sent.item).into()),
                "SessionIdArray": list(run, sent, |run, sent| format!("g{}", run.plan.items[sent.item].group).into()),
                "DeliveryCountArray": list(run, sent, |_, sent| sent.attempt.into()),
            });
            deliver(sent, &json!({ "msg": data }), metadata)
        };
        let queue = Queue::new(run, write, whole);
        Box::new(Queue { batch: run.plan.batch, ordered: true, by_group: true, most: Some(6), ..queue })
    })
};
