//! What moves on behind a failure, unless the function has a retry policy.
//!
//! Sources: [Event Hubs](https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing),
//! [retry policies](https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retry-policies).

use std::sync::Arc;

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Log, Sent, Setting, Source},
    base64, deliver, list, on_azure, retries, whole,
};
use crate::function::{RESOURCES, Run};

/// Partitions of an event hub.
pub(crate) const EVENT_HUB: Setting = endless(Kind::Stream, |run| Box::new(event_hub(run).endless()));

/// The same without a retry policy: the checkpoint moves on behind what has failed.
pub(crate) const EVENT_HUB_WITHOUT_RETRIES: Setting = endless(Kind::Stream, |run| without_retries(event_hub(run)));

/// Partitions of a topic of Kafka, of which no description tells.
pub(crate) const KAFKA: Setting =
    Setting { trigger: Some(kafka_trigger), ..endless(Kind::Stream, |run| Box::new(kafka(run).endless())) };

pub(crate) const KAFKA_WITHOUT_RETRIES: Setting =
    Setting { trigger: Some(kafka_trigger), ..endless(Kind::Stream, |run| without_retries(kafka(run))) };

/// The change feed, with a lease for each range of keys.
pub(crate) const COSMOS_DB: Setting = endless(Kind::Change, |run| Box::new(cosmos_db(run).endless()));

pub(crate) const COSMOS_DB_WITHOUT_RETRIES: Setting = endless(Kind::Change, |run| without_retries(cosmos_db(run)));

const fn endless(kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Setting {
    Setting { is_endless: true, ..on_azure(kind, source) }
}

fn without_retries(log: Log) -> Box<dyn Source> {
    Box::new(Log { most: Some(1), ..log.endless() })
}

fn group(run: &Run, sent: &[Sent]) -> usize {
    sent.first().map_or(0, |sent| run.plan.items[sent.item].group)
}

fn event_hub(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let metadata = json!({
            "PartitionContext": {"EventHubName": RESOURCES[0], "PartitionId": group(run, sent).to_string()},
            "SequenceNumberArray": list(run, sent, |_, sent| sent.item.into()),
            "RetryContext": retries(sent),
        });
        let data = list(run, sent, |run, sent| base64(&run.payload(sent.item)).into());
        deliver(sent, &json!({ "events": data }), metadata)
    };
    Log::new(run, write, whole)
}

fn kafka_trigger() -> Value {
    json!({
        "type": "kafkaTrigger", "direction": "in", "name": "event", "brokerList": "B", "topic": RESOURCES[0], "consumerGroup": "g",
        "cardinality": "many", "dataType": "string",
    })
}

fn kafka(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let envelope = |run: &Run, sent: &Sent| {
            let partition = run.plan.items[sent.item].group;
            let envelope = json!({
                "Topic": RESOURCES[0], "Partition": partition, "Offset": sent.item, "Value": run.payload(sent.item), "Headers": [],
            });
            envelope.to_string().into()
        };
        deliver(sent, &json!({"event": list(run, sent, envelope)}), json!({"RetryContext": retries(sent)}))
    };
    Log::new(run, write, whole)
}

fn cosmos_db(run: &Arc<Run>) -> Log {
    let write = |run: &Run, sent: &[Sent]| {
        let documents = list(
            run,
            sent,
            |run, sent| json!({"id": format!("d{}", sent.item), "text": run.payload(sent.item), "_lsn": sent.item}),
        );
        // The list is a text, of which the host sends the JSON text.
        deliver(sent, &json!({"docs": documents.to_string()}), json!({"RetryContext": retries(sent)}))
    };
    Log::new(run, write, whole)
}
