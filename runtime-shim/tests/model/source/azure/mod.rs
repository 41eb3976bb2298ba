//! What the Functions host takes from its extensions and sends to the process.

mod blob;
mod event_grid;
mod message;
mod schedule;
mod stream;

use std::sync::Arc;

use polyfn_shim::{Provider, event::Kind};
use serde_json::{Value, json};

pub(crate) use self::{
    blob::BLOB,
    event_grid::{EVENT_GRID, EVENT_GRID_IN_PARTS, EVENT_GRID_MANY},
    message::{SERVICE_BUS, STORAGE_QUEUE},
    schedule::{TIMER, TIMER_WITHOUT_RETRIES},
    stream::{COSMOS_DB, COSMOS_DB_WITHOUT_RETRIES, EVENT_HUB, EVENT_HUB_WITHOUT_RETRIES, KAFKA, KAFKA_WITHOUT_RETRIES},
};
use super::{Answer, Meaning, Sent, Setting, Source, container::request};
use crate::function::{NAMES, Run};

const fn on_azure(kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Setting {
    Setting::new(Provider::Azure, kind, source)
}

fn base64(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}

/// The JSON text of a list, which is how the host sends lists.
fn list(run: &Run, sent: &[Sent], of: fn(&Run, &Sent) -> Value) -> Value {
    Value::from(sent.iter().map(|sent| of(run, sent)).collect::<Vec<_>>()).to_string().into()
}

/// The facts of a retry policy without an end; each attempt is a new invocation.
fn retries(sent: &[Sent]) -> Value {
    json!({"RetryCount": sent.first().map_or(0, |sent| sent.attempt - 1), "MaxRetryCount": -1})
}

/// A delivery as a request; what has no id of its own has the invocation's.
fn deliver(sent: &[Sent], data: &Value, mut metadata: Value) -> Vec<u8> {
    let Sent { item, attempt } = sent.first().unwrap();
    metadata["sys"] = json!({});
    let headers =
        format!("x-azure-functions-invocationid: 7f-{attempt}-{item}\r\ncontent-type: application/json; charset=utf-8\r\n");
    request(&format!("/{}", NAMES[0]), &headers, &json!({"Data": data, "Metadata": metadata}).to_string())
}

/// An invocation is done if the answer is a 2xx that holds a JSON object; there is no answer for a part of it.
fn whole(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    let done = (200..300).contains(&answer.status)
        && serde_json::from_slice::<Value>(&answer.body).is_ok_and(|answer| answer.get("Outputs").is_some());
    vec![Meaning::done_if(done); items.len()]
}
