//! Streams with a reply of their own, and DocumentDB without one.
//!
//! Sources: [streams](https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html),
//! [DocumentDB](https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Answer, Log, Meaning, Sent, Setting},
    listed, on_lambda, whole,
};
use crate::function::{RESOURCES, Run};

pub(crate) const KINESIS: Setting = on_lambda(Kind::Stream, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let record = |sent: &Sent| {
            let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, run.payload(sent.item));
            let shard = format!("shardId-{:012}", run.plan.items[sent.item].group);
            json!({
                "eventSource": "aws:kinesis",
                "eventID": format!("{shard}:{}", sequence(sent.item)),
                "eventSourceARN": format!("arn:aws:kinesis:eu-west-1:1:stream/{}", RESOURCES[0]),
                "kinesis": {"sequenceNumber": sequence(sent.item), "partitionKey": "k", "data": data},
            })
        };
        json!({ "Records": sent.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
    };
    Box::new(Log::new(run, write, from_first_failed))
});

pub(crate) const DYNAMO_DB: Setting = on_lambda(Kind::Change, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let record = |sent: &Sent| {
            let table = RESOURCES[0];
            json!({
                "eventSource": "aws:dynamodb",
                "eventID": format!("e{}", sent.item),
                "eventName": "MODIFY",
                "eventSourceARN": format!("arn:aws:dynamodb:eu-west-1:1:table/{table}/stream/2024-05-01T10:00:00.000"),
                "dynamodb": {
                    "Keys": {"id": {"N": sent.item.to_string()}},
                    "NewImage": {"text": {"S": run.payload(sent.item)}},
                    "SequenceNumber": sequence(sent.item),
                },
            })
        };
        json!({ "Records": sent.iter().map(record).collect::<Vec<_>>() }).to_string().into_bytes()
    };
    Box::new(Log::new(run, write, from_first_failed))
});

/// The changes of two collections of one database, in one order; it has no place for what fails for ever.
pub(crate) const DOCUMENT_DB: Setting = Setting {
    mixed: true,
    is_one_group: true,
    is_endless: true,
    ..on_lambda(Kind::Change, |run| {
        let write = |run: &Run, sent: &[Sent]| {
            let change = |sent: &Sent| {
                json!({"event": {
                    "_id": {"_data": sequence(sent.item)},
                    "documentKey": {"_id": sent.item},
                    "fullDocument": {"_id": sent.item, "text": run.payload(sent.item)},
                    "ns": {"db": "shop", "coll": run.resource(sent.item)},
                    "operationType": "replace",
                }})
            };
            let changes: Vec<_> = sent.iter().map(change).collect();
            let delivery =
                json!({"eventSource": "aws:docdb", "eventSourceArn": "arn:aws:rds:eu-west-1:1:cluster:c", "events": changes});
            delivery.to_string().into_bytes()
        };
        Box::new(Log::new(run, write, whole).endless())
    })
};

/// Longer than a u64, as they are.
fn sequence(item: usize) -> String {
    format!("49590338271490256608559692538361{item:06}")
}

/// Lambda goes back to the lowest sequence number that the reply lists.
fn from_first_failed(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let numbers: Vec<_> = items.iter().map(|item| Value::from(sequence(*item))).collect();
    let place = |id: &Value| numbers.iter().position(|number| number == id);
    let first = match listed(answer).map(|listed| listed.iter().map(place).collect::<Option<Vec<_>>>()) {
        Some(Some(places)) => places.into_iter().min().unwrap_or(items.len()),
        Some(None) | None => 0,
    };
    (0..items.len()).map(|place| Meaning::done_if(place < first)).collect()
}
