//! Event Grid, and blobs.
//!
//! Sources: [Event Grid's retries](https://learn.microsoft.com/azure/event-grid/delivery-and-retry),
//! [poison blobs](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#poison-blobs).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Queue, Sent, Setting},
    base64, deliver, list, on_azure, retries, whole,
};
use crate::function::{RESOURCES, Run};

pub(crate) const EVENT_GRID: Setting = on_azure(Kind::Event, |run| {
    let write = |run: &Run, sent: &[Sent]| deliver(sent, &json!({"event": event(run, sent.first().unwrap())}), json!({}));
    Box::new(Queue::new(run, write, whole))
});

/// All events of a delivery in one invocation, of which one that fails has them all sent again.
pub(crate) const EVENT_GRID_MANY: Setting = Setting {
    trigger: Some(|| json!({"type": "eventGridTrigger", "direction": "in", "name": "events", "cardinality": "many"})),
    ..on_azure(Kind::Event, |run| {
        let write = |run: &Run, sent: &[Sent]| deliver(sent, &json!({"events": list(run, sent, event)}), json!({}));
        Box::new(Queue { batch: run.plan.batch, ..Queue::new(run, write, whole) })
    })
};

/// Either schema, one beside the other.
fn event(run: &Run, sent: &Sent) -> Value {
    let (id, data) = (format!("e{}", sent.item), json!({"text": run.payload(sent.item)}));
    if sent.item.is_multiple_of(2) {
        json!({"specversion": "1.0", "id": id, "source": "/shop", "type": RESOURCES[0], "data": data})
    } else {
        json!({"id": id, "topic": "/topics/t", "eventType": RESOURCES[0], "eventTime": "2024-05-01T10:00:00Z", "data": data})
    }
}

/// A blob is tried five times, then it is told to the poison queue; its name is the payload.
pub(crate) const BLOB: Setting = on_azure(Kind::Object, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let name = run.payload(sent.first().unwrap().item);
        let uri = format!("https://shop.blob.core.windows.net/{}/{}", RESOURCES[0], name.replace(' ', "%20"));
        let metadata = json!({
            "Uri": Value::from(uri).to_string(),
            "Properties": {"ContentLength": 5, "ContentType": "text/plain", "ETag": {}},
            "Metadata": {},
            "name": Value::from(name).to_string(),
            "RetryContext": retries(sent),
        });
        deliver(sent, &json!({"blob": base64("hello")}), metadata)
    };
    Box::new(Queue::new(run, write, whole))
});
