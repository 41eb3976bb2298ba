use std::collections::BTreeMap;

use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};

use super::{Api, Refused, answer, answer_as, form, invocations::detail, refused};
use crate::{
    Body, Event,
    function::Function,
    local::shim::{How, NotSent, is_kept},
};

/// What to send, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Send {
    /// Each member as it was written, so that numbers keep their digits.
    event: BTreeMap<String, Box<RawValue>>,
    #[serde(rename = "as")]
    form: Option<String>,
    function: Option<String>,
}

impl Api {
    pub(super) async fn send(&self, send: Send) -> Result<Response<Body>, Refused> {
        let event = event(send.event)?;
        let how = send.form.as_deref().map(form).transpose()?;
        let functions = self.courier.hosts().table().functions();
        let is_kept = functions.iter().any(|function| {
            let binding = &function.description().binding;
            binding.kind() == event.trigger().kind() && is_kept(binding)
        });
        match how {
            None if is_kept && send.function.is_none() => self.store(event).await,
            how => {
                let entry = self.courier.deliver(how.unwrap_or(How::Usual), &event, send.function.as_deref()).await;
                Ok(answer(&detail(&*entry.map_err(not_sent)?)))
            }
        }
    }

    async fn store(&self, event: Event) -> Result<Response<Body>, Refused> {
        let kind = event.trigger().kind();
        let event = if event.id().is_empty() { event.with_id(crate::server::new_id()) } else { event };
        let ids =
            self.consumers()?.send(event).await.map_err(|error| refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
        if ids.is_empty() {
            let functions = self.courier.hosts().table().functions().iter().map(Function::description);
            let names: Vec<_> = functions
                .filter_map(|description| match description.binding {
                    crate::function::Binding::Resource { kind: of, name, .. } if of == kind => Some(format!("`{name}`")),
                    _ => None,
                })
                .collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(refused(StatusCode::NOT_FOUND, format!("no function takes such a {kind} event; there are {names}")));
        }
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        Ok(answer_as(StatusCode::ACCEPTED, &json!({ "queued": ids })))
    }
}

/// An event from its JSON form, of which only the trigger must be there.
fn event(mut members: BTreeMap<String, Box<RawValue>>) -> Result<Event, Refused> {
    let text =
        |members: &BTreeMap<String, Box<RawValue>>, name: &str| serde_json::from_str::<String>(members.get(name)?.get()).ok();
    let trigger = text(&members, "trigger").unwrap_or_default();
    members.entry("provider".to_owned()).or_insert_with(|| raw(&"local"));
    members.entry("attempt".to_owned()).or_insert_with(|| raw(&1));
    if !trigger.is_empty() {
        members.entry(trigger.clone()).or_insert_with(|| raw(&json!({})));
        if !members.contains_key("type")
            && let Some(ty) = ty(&trigger, &members)
        {
            members.insert("type".to_owned(), raw(&ty));
        }
    }
    let json = serde_json::to_string(&members).unwrap_or_default();
    Event::from_json(&json).map_err(|error| refused(StatusCode::BAD_REQUEST, format!("event: {error}")))
}

/// A value as JSON text.
fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_default()
}

/// The type that a trigger gives an event.
fn ty(trigger: &str, members: &BTreeMap<String, Box<RawValue>>) -> Option<String> {
    #[derive(Deserialize)]
    struct Fields {
        action: String,
    }
    let action = || Some(serde_json::from_str::<Fields>(members.get(trigger)?.get()).ok()?.action);
    Some(match trigger {
        "http" => "polyfn.http.request".to_owned(),
        "direct" => "polyfn.direct.call".to_owned(),
        "queue" => "polyfn.queue.message".to_owned(),
        "topic" => "polyfn.topic.message".to_owned(),
        "stream" => "polyfn.stream.record".to_owned(),
        "schedule" => "polyfn.schedule.tick".to_owned(),
        "object" | "change" => format!("polyfn.{trigger}.{}", action()?),
        _ => return None,
    })
}

pub(super) fn not_sent(error: NotSent) -> Refused {
    refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
}
