//! What invokes asynchronously: two more attempts, then the dead letters.
//!
//! Source: [asynchronous invokes](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Queue, Setting, Source, Write},
    on_lambda, whole,
};
use crate::function::{NAMES, Run};

pub(crate) const SNS: Setting = on_lambda(Kind::Topic, |run| {
    invoked(run, |run, sent| {
        let records: Vec<_> =
            sent.iter().map(|sent| json!({"EventSource": "aws:sns", "Sns": notification(run, sent.item)})).collect();
        json!({ "Records": records }).to_string().into_bytes()
    })
});

pub(crate) const S3: Setting = on_lambda(Kind::Object, |run| {
    invoked(run, |run, sent| {
        let records: Vec<_> = sent.iter().map(|sent| object(run, sent.item)).collect();
        json!({ "Records": records }).to_string().into_bytes()
    })
});

pub(crate) const EVENT_BUS: Setting = on_lambda(Kind::Event, |run| {
    invoked(run, |run, sent| {
        let item = sent.first().unwrap().item;
        envelope("my.shop", run.resource(item), item, &json!([]), &json!({"text": run.payload(item)}))
    })
});

pub(crate) const RULE: Setting = on_lambda(Kind::Schedule, |run| {
    invoked(run, |_, sent| {
        let rule = json!([format!("arn:aws:events:eu-west-1:1:rule/{}", NAMES[0])]);
        envelope("aws.events", "Scheduled Event", sent.first().unwrap().item, &rule, &json!({}))
    })
});

pub(crate) const SCHEDULER: Setting = on_lambda(Kind::Schedule, |run| {
    invoked(run, |_, sent| {
        let schedule = json!([format!("arn:aws:scheduler:eu-west-1:1:schedule/default/{}", NAMES[0])]);
        envelope("aws.scheduler", "Scheduled Event", sent.first().unwrap().item, &schedule, &json!("{}"))
    })
});

fn invoked(run: &std::sync::Arc<Run>, write: Write) -> Box<dyn Source> {
    Box::new(Queue { most: Some(3), ..Queue::new(run, write, whole) })
}

fn envelope(source: &str, ty: &str, item: usize, resources: &Value, detail: &Value) -> Vec<u8> {
    let envelope = json!({
        "version": "0",
        "id": format!("e-{item}"),
        "source": source,
        "detail-type": ty,
        "time": "2024-05-01T10:00:00Z",
        "resources": resources,
        "detail": detail,
    });
    envelope.to_string().into_bytes()
}

/// What SNS says of a message.
pub(super) fn notification(run: &Run, item: usize) -> Value {
    json!({
        "Type": "Notification",
        "MessageId": format!("m{item}"),
        "TopicArn": format!("arn:aws:sns:eu-west-1:1:{}", run.resource(item)),
        "Message": run.payload(item),
    })
}

/// What S3 says of an object; its key is the payload.
pub(super) fn object(run: &Run, item: usize) -> Value {
    json!({
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "responseElements": {"x-amz-request-id": format!("R{item}")},
        "s3": {"bucket": {"name": run.resource(item)}, "object": {"key": run.payload(item).replace(' ', "+"), "sequencer": "00A"}},
    })
}
