//! What the host sends for everything that is not an HTTP request.

mod event_grid;
mod fact;
mod messages;
mod single;
mod value;

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};

pub(super) use super::leaks::doubled;
use super::{HOST_VERSION, Refused, finish, leaks::leak, source::RetryPolicy};
use crate::{
    Event,
    azure::{Declaration, TriggerType},
};

/// The value of the trigger, as JSON text, and what is told beside it.
struct Told {
    value: String,
    metadata: Map<String, Value>,
    /// A text that writes over Metadata.
    leak: Option<String>,
}

/// The request that the host sends for these events of `function`: one, or as many as its binding takes.
///
/// With a retry policy every invocation is told which one it is, the first one too.
pub(super) fn delivery(events: &[Event], function: &Declaration, policy: Option<RetryPolicy>) -> Result<Request<Bytes>, Refused> {
    let trigger = function.bindings().trigger();
    let told = match (function.bindings().trigger_type(), events) {
        (TriggerType::Http, _) => return Err(Refused("an httpTrigger takes one request".to_owned())),
        (TriggerType::ServiceBus | TriggerType::EventHub | TriggerType::Kafka, _) => messages::told(events, function),
        (TriggerType::EventGrid, _) => event_grid::told(events, trigger),
        (TriggerType::CosmosDb, _) => single::documents(events),
        (TriggerType::Queue, [event]) => single::message(event, trigger),
        (TriggerType::Blob, [event]) => single::blob(event),
        (TriggerType::Timer, [event]) => single::timer(event, false),
        (other, _) => Err(Refused(format!("a {other} takes one event"))),
    }?;
    written(events, function, told, policy)
}

/// The request for a tick, which may be past due.
pub(super) fn tick(
    event: &Event,
    function: &Declaration,
    is_past_due: bool,
    policy: Option<RetryPolicy>,
) -> Result<Request<Bytes>, Refused> {
    if function.bindings().trigger_type() != TriggerType::Timer {
        return Err(Refused("only a timerTrigger ticks".to_owned()));
    }
    written(std::slice::from_ref(event), function, single::timer(event, is_past_due)?, policy)
}

fn written(events: &[Event], function: &Declaration, told: Told, policy: Option<RetryPolicy>) -> Result<Request<Bytes>, Refused> {
    let trigger = function.bindings().trigger();
    let Told { value, mut metadata, leak: text } = told;
    let retries = events.first().map_or(0, |event| event.attempt().saturating_sub(1));
    let is_counted = |name: &String| name.starts_with("DequeueCount") || name.starts_with("DeliveryCount");
    if policy.is_some() || retries > 0 && !metadata.keys().any(is_counted) {
        let most = policy.and_then(|policy| policy.most).map_or(-1, i64::from);
        let context = json!({"RetryCount": retries, "MaxRetryCount": most, "Exception": null, "Instance": null, "State": {}});
        metadata.insert("RetryContext".to_owned(), context);
    }
    metadata.insert("sys".to_owned(), json!({"MethodName": function.name()}));
    leak(&mut metadata, text.as_deref());
    let name = Value::from(trigger.name.as_str());
    let json = format!(r#"{{"Data":{{{name}:{value}}},"Metadata":{}}}"#, Value::Object(metadata));
    let id = events.first().map_or("", Event::id);
    let builder = Request::post(format!("/{}", function.name()))
        .header("host", "127.0.0.1")
        .header("x-azure-functions-hostversion", HOST_VERSION)
        .header("x-azure-functions-invocationid", id)
        .header("user-agent", format!("Azure-Functions-Host/{HOST_VERSION}"))
        .header("content-type", "application/json; charset=utf-8")
        .header("content-length", json.len());
    finish(builder, json.into())
}
