use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
    event: Map<String, Value>,
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
fn event(mut members: Map<String, Value>) -> Result<Event, Refused> {
    let trigger = members.get("trigger").and_then(Value::as_str).unwrap_or_default().to_owned();
    members.entry("provider").or_insert_with(|| "local".into());
    members.entry("attempt").or_insert_with(|| 1.into());
    if !trigger.is_empty() {
        members.entry(&trigger).or_insert_with(|| json!({}));
        if trigger != "event"
            && !members.contains_key("type")
            && let Some(ty) = ty(&trigger, &members)
        {
            members.insert("type".to_owned(), ty.into());
        }
    }
    let json = Value::Object(members).to_string();
    Event::from_json(&json).map_err(|error| refused(StatusCode::BAD_REQUEST, format!("event: {error}")))
}

/// The type that a trigger gives an event.
fn ty(trigger: &str, members: &Map<String, Value>) -> Option<String> {
    let action = || members.get(trigger)?.get("action")?.as_str();
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
