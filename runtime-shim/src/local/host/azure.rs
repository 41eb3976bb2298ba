use std::sync::Arc;

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider, Trigger,
    azure::{App, Cardinality, Declaration, Mode, TriggerType},
    event::{Http, Kind},
    local::{
        Settled,
        azure::{self, host::LIMIT},
    },
};

/// What the routes of callers begin with.
const PREFIX: &str = "api";

/// One request of the Functions host, which knows the function by its declaration.
pub(super) async fn exchange(hosts: &Hosts, mode: Mode, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let Some(event) = events.first() else { return Err(Undeliverable::new("there is no event")) };
    let functions = hosts.table.functions();
    let declared = functions.iter().map(|function| Declaration::of(function.description(), function.is_batch())).collect();
    let app = App::new(Arc::clone(&hosts.table), declared, PREFIX).map_err(|error| Undeliverable::new(error.to_string()))?;
    let Some(function) = hosts.table.chosen(event) else {
        if event.http().is_some() {
            return not_found(event);
        }
        return Err(Undeliverable::new("the host delivers to the function whose binding an event is of, and there is none"));
    };
    let name = function.description().name;
    let Some(declaration) = app.declaration(name) else {
        return Err(Undeliverable::new(format!("`{name}` cannot be declared to the host")));
    };
    let sent = hosts.arrived(match events {
        [event] => azure::delivery(&called(event, declaration), declaration, mode, PREFIX)?,
        _ if takes_many(declaration) => azure::batch(events, declaration)?,
        _ => return Err(Undeliverable::new(format!("`{name}` is declared to take one event at a time"))),
    });
    let here = async {
        let (parts, body) = sent.clone().into_parts();
        whole(app.answer(parts, body, LIMIT).await).await
    };
    let reply = hosts.reply(Provider::Azure, &sent, here).await;
    let response = match event.trigger().kind() {
        Kind::Http | Kind::Direct => Some(azure::response(mode, declaration, &reply)?),
        _ => None,
    };
    let settled = azure::settled(events.len(), &reply);
    Ok(Exchange { delivery: sent, reply, response, settled })
}

/// Whether the host delivers several events at once; a change feed has no other form.
fn takes_many(declaration: &Declaration) -> bool {
    let bindings = declaration.bindings();
    bindings.trigger_type() == TriggerType::CosmosDb || bindings.trigger().cardinality == Some(Cardinality::Many)
}

/// A request that no route takes is answered by the host itself.
fn not_found(event: &Event) -> Result<Exchange, Undeliverable> {
    let delivery = super::here::native(event)?;
    let mut reply = http::Response::new(bytes::Bytes::new());
    *reply.status_mut() = http::StatusCode::NOT_FOUND;
    Ok(Exchange { delivery, response: Some(reply.clone()), settled: vec![Settled::Acknowledged], reply })
}

/// A call is a request to its function's route.
fn called(event: &Event, declaration: &Declaration) -> Event {
    let mut event = event.clone();
    if event.trigger() == &Trigger::Direct {
        let http = Http::new(http::Method::POST, format!("/{}", declaration.route()), None);
        let json = http::HeaderValue::from_static("application/json");
        let headers = [(http::header::CONTENT_TYPE, json)].into_iter().collect();
        event.set_trigger(Trigger::Http(Box::new(Http { headers, ..http })));
    }
    event
}
