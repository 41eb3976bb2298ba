//! A function that a test plays, and what was delivered to it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::local::{Delivering, Process, ProcessError, aws::FUNCTION_ERROR};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// How a delivery is answered.
pub(crate) enum Answer {
    /// With this reply.
    Reply(Value),
    /// The same after a while.
    Late(Duration, Value),
    /// With a function error.
    Fails,
    /// With a status and nothing else.
    Status(u16),
    /// Not at all.
    Dies,
}

/// One delivery: when it came, in seconds, and what was in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) at: u64,
    pub(crate) payload: Value,
    pub(crate) invocation_type: Option<String>,
}

type Play = dyn Fn(&Value) -> Answer + Send + Sync;

pub(crate) struct Script {
    began: Instant,
    seen: Arc<Mutex<Vec<Seen>>>,
    play: Box<Play>,
}

impl Script {
    pub(crate) fn new(play: impl Fn(&Value) -> Answer + Send + Sync + 'static) -> Self {
        Self { began: Instant::now(), seen: Arc::default(), play: Box::new(play) }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// When each delivery came, and what `ids` finds in its records.
    pub(crate) fn told(&self, pointer: &str) -> Vec<(u64, Vec<String>)> {
        let seen = self.seen();
        seen.iter().map(|seen| (seen.at, ids(&seen.payload, pointer))).collect()
    }
}

/// A text of every record.
pub(crate) fn ids(payload: &Value, pointer: &str) -> Vec<String> {
    let records = payload["Records"].as_array().unwrap();
    records.iter().map(|record| record.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
}

/// A reply that lists these.
pub(crate) fn list(ids: &[&str]) -> Value {
    json!({"batchItemFailures": ids.iter().map(|id| json!({"itemIdentifier": id})).collect::<Vec<_>>()})
}

impl Process for Script {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let payload = serde_json::from_slice(delivery.body()).unwrap();
        let answer = (self.play)(&payload);
        let kind = delivery.headers().get("x-amz-invocation-type").map(|kind| kind.to_str().unwrap().to_owned());
        self.seen.lock().unwrap().push(Seen { at: self.began.elapsed().as_secs(), payload, invocation_type: kind });
        Box::pin(async move {
            let reply = |json: Value| Response::new(Bytes::from(json.to_string()));
            match answer {
                Answer::Reply(json) => Ok(reply(json)),
                Answer::Late(after, json) => {
                    sleep(after).await;
                    Ok(reply(json))
                }
                Answer::Fails => {
                    let mut failed = reply(json!({"errorType": "Function.Error"}));
                    failed.headers_mut().insert(FUNCTION_ERROR, "Unhandled".parse().unwrap());
                    Ok(failed)
                }
                Answer::Status(status) => Ok(Response::builder().status(status).body(Bytes::new()).unwrap()),
                Answer::Dies => Err(ProcessError::Exited("gone".to_owned())),
            }
        })
    }
}
