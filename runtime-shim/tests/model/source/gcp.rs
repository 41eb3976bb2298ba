//! Pub/Sub push with ordering keys and without, Cloud Tasks, Cloud Scheduler and Eventarc.
//!
//! Sources: [push subscriptions](https://cloud.google.com/pubsub/docs/push),
//! [ordering](https://cloud.google.com/pubsub/docs/ordering),
//! [tasks](https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler),
//! [jobs](https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules),
//! [Eventarc Advanced](https://cloud.google.com/eventarc/advanced/docs/retry-events).

use std::sync::Arc;

use polyfn_shim::{Provider, event::Kind};
use serde_json::json;

use super::{
    Answer, Meaning, Queue, Sent, Setting, Source,
    container::{self, request},
};
use crate::function::{NAMES, RESOURCES, Run};

const JSON: &str = "content-type: application/json\r\n";

pub(crate) const PUSH: Setting = on_gcp(Kind::Topic, |run| {
    Box::new(Queue { breaks: true, ..Queue::new(run, |run, sent| message(run, sent, false), acknowledged) })
});

/// The next message of a key is sent when the one before it is acknowledged.
pub(crate) const ORDERED_PUSH: Setting = on_gcp(Kind::Topic, |run| {
    let queue = Queue::new(run, |run, sent| message(run, sent, true), acknowledged);
    Box::new(Queue { ordered: true, breaks: true, ..queue })
});

/// A queue whose tasks have no limit of attempts: there is no place for what is given up.
pub(crate) const TASKS: Setting = Setting {
    is_endless: true,
    ..on_gcp(Kind::Queue, |run| {
        let write = |run: &Run, sent: &[Sent]| {
            let Sent { item, attempt } = sent.first().unwrap();
            let headers = format!(
                "user-agent: Google-Cloud-Tasks\r\nx-cloudtasks-queuename: {}\r\nx-cloudtasks-taskname: t{item}\r\n\
                 x-cloudtasks-taskretrycount: {}\r\nx-cloudtasks-taskexecutioncount: {}\r\ncontent-type: text/plain\r\n",
                RESOURCES[0],
                attempt - 1,
                attempt - 1
            );
            request("/", &headers, &run.payload(*item))
        };
        Box::new(Queue { most: None, has_dead_letters: false, ..Queue::new(run, write, done_by_2xx) })
    })
};

/// A job whose runs are tried again. Five times is the most it can be set to; here it is without an end, so that only what we say
/// can lose a run.
pub(crate) const JOB: Setting = Setting { is_endless: true, ..on_gcp(Kind::Schedule, |run| Box::new(job(run))) };

/// A job as it is unless a deployment says otherwise: what has failed is not tried again before the next run.
pub(crate) const JOB_WITHOUT_RETRIES: Setting =
    Setting { is_endless: true, ..on_gcp(Kind::Schedule, |run| Box::new(Queue { most: Some(1), ..job(run) })) };

/// Objects, by way of a Pub/Sub subscription whose rules hold; the key is the payload.
pub(crate) const STORAGE: Setting = on_gcp(Kind::Object, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let item = sent.first().unwrap().item;
        let (bucket, key) = (RESOURCES[0], run.payload(item));
        let source = format!("//storage.googleapis.com/projects/_/buckets/{bucket}");
        let subject = format!("ce-subject: objects/{}\r\nce-bucket: {bucket}\r\n", key.replace(' ', "%20"));
        let headers = event(run, item, &source, "google.cloud.storage.object.v1.finalized");
        let body = json!({"kind": "storage#object", "name": key, "bucket": bucket, "generation": "1", "size": "5"});
        request("/?__GCP_CloudEventsMode=GCS_NOTIFICATION", &format!("{headers}{subject}{JSON}"), &body.to_string())
    };
    Box::new(Queue { breaks: true, ..Queue::new(run, write, acknowledged) })
});

/// A pipeline of Eventarc Advanced, which tries again for a few statuses only.
pub(crate) const PIPELINE: Setting = on_gcp(Kind::Event, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let item = sent.first().unwrap().item;
        let headers = format!("{}{JSON}", event(run, item, "/shop", RESOURCES[0]));
        request("/", &headers, &json!({"text": run.payload(item)}).to_string())
    };
    let read = |_: &Run, items: &[usize], answer: &Answer| {
        let meaning = match answer.status {
            200..=299 => Meaning::Done,
            408 | 409 | 429 | 500 | 502..=504 => Meaning::Again,
            _ => Meaning::Final,
        };
        vec![meaning; items.len()]
    };
    Box::new(Queue { breaks: true, ..Queue::new(run, write, read) })
});

/// Batches of CloudEvents, which Google does not send itself.
pub(crate) const BATCHES_OF_TYPES: Setting = Setting { provider: Provider::Gcp, ..container::BATCHES_OF_TYPES };

const fn on_gcp(kind: Kind, source: fn(&Arc<Run>) -> Box<dyn Source>) -> Setting {
    Setting::new(Provider::Gcp, kind, source)
}

fn message(run: &Run, sent: &[Sent], ordered: bool) -> Vec<u8> {
    let sent = sent.first().unwrap();
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, run.payload(sent.item));
    let data = if run.is_broken(sent.item) { "%%%".to_owned() } else { data };
    let mut message = json!({"data": data, "messageId": sent.item.to_string(), "publishTime": "2024-05-01T10:00:00Z"});
    if ordered {
        message["orderingKey"] = format!("g{}", run.plan.items[sent.item].group).into();
    }
    let body = json!({"message": message, "subscription": "projects/p/subscriptions/s", "deliveryAttempt": sent.attempt});
    // The topic is in the path, as the deployment has it.
    request(&format!("/projects/p/topics/{}", RESOURCES[0]), JSON, &body.to_string())
}

fn job(run: &Arc<Run>) -> Queue {
    let write = |_: &Run, sent: &[Sent]| {
        let headers = format!(
            "user-agent: Google-Cloud-Scheduler\r\nx-cloudscheduler: true\r\nx-cloudscheduler-jobname: {}\r\n\
             x-cloudscheduler-scheduletime: 2024-05-01T10:00:00.{:06}Z\r\n",
            NAMES[0],
            sent.first().unwrap().item
        );
        request("/", &headers, "")
    };
    Queue { most: None, has_dead_letters: false, ..Queue::new(run, write, done_by_2xx) }
}

/// The headers of a CloudEvent.
fn event(run: &Run, item: usize, source: &str, ty: &str) -> String {
    let time = if run.is_broken(item) { "soon" } else { "2024-05-01T10:00:00Z" };
    format!("ce-specversion: 1.0\r\nce-id: e{item}\r\nce-source: {source}\r\nce-type: {ty}\r\nce-time: {time}\r\n")
}

/// Every other status is a refusal, also 203, 205 and 206.
fn acknowledged(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    vec![Meaning::done_if(matches!(answer.status, 102 | 200 | 201 | 202 | 204)); items.len()]
}

fn done_by_2xx(_: &Run, items: &[usize], answer: &Answer) -> Vec<Meaning> {
    vec![Meaning::done_if((200..300).contains(&answer.status)); items.len()]
}
