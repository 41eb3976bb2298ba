//! Kafka, whose deliveries hold records of several partitions.
//!
//! Source: [errors of Kafka](https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html).

use polyfn_shim::event::Kind;
use serde_json::{Map, Value, json};

use super::{
    super::{Answer, Log, Meaning, Read, Sent, Setting, Source},
    listed, on_lambda, whole,
};
use crate::function::Run;

/// A mapping that takes any reply for success.
pub(crate) const MSK: Setting = on_lambda(Kind::Stream, |run| kafka(run, whole));

/// A mapping in provisioned mode that takes a list of failures, as the deployment says.
pub(crate) const MSK_PARTIAL: Setting =
    Setting { env: &[("POLYFN_KAFKA_PARTIAL", "true")], ..on_lambda(Kind::Stream, |run| kafka(run, from_first_failed)) };

/// A deployment that says so of a mapping that takes none.
pub(crate) const MSK_WITH_A_LIST_THAT_NOBODY_READS: Setting = Setting { env: MSK_PARTIAL.env, ..MSK };

fn kafka(run: &std::sync::Arc<Run>, read: Read) -> Box<dyn Source> {
    Box::new(Log { joins_shards: true, ..Log::new(run, write, read) })
}

/// A topic with a partition for each group.
fn write(run: &Run, sent: &[Sent]) -> Vec<u8> {
    let mut records = Map::new();
    for sent in sent {
        let value = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, run.payload(sent.item));
        let record = json!({"topic": "orders", "partition": group(run, sent.item), "offset": sent.item, "value": value});
        let list = records.entry(partition(run, sent.item)).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(record);
    }
    json!({"eventSource": "aws:kafka", "records": records}).to_string().into_bytes()
}

fn group(run: &Run, item: usize) -> usize {
    run.plan.items[item].group
}

fn partition(run: &Run, item: usize) -> String {
    format!("orders-{}", group(run, item))
}

/// Lambda goes back to the offset that the reply names of a partition; all comes again if it names a record that was not there.
fn from_first_failed(run: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let name = |item: usize| json!({"partition": partition(run, item), "offset": item});
    let find = |id: &Value| items.iter().copied().find(|item| name(*item) == *id);
    let failed: Option<Vec<usize>> = listed(answer).and_then(|listed| listed.iter().map(find).collect());
    let Some(failed) = failed else { return vec![Meaning::Again; items.len()] };
    let is_behind = |item: usize| failed.iter().any(|failed| group(run, *failed) == group(run, item) && *failed <= item);
    items.iter().map(|item| Meaning::done_if(!is_behind(*item))).collect()
}
