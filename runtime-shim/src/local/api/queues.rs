use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::{Api, Refused, answer, parameter, refused};
use crate::{
    Body,
    event::{Kind, Time},
    function::status,
    local::{
        shim::blocking,
        store::{Channel, Depth, Id, StoreError},
    },
};

/// How many dead letters are told of at once, unless asked for more.
const LIMIT: usize = 100;

/// The channel that is meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    kind: String,
    name: String,
    consumer: String,
}

impl Api {
    pub(super) async fn queues(&self) -> Result<Response<Body>, Refused> {
        let Some(consumers) = &self.consumers else { return Ok(answer(&json!({"queues": []}))) };
        let store = consumers.store().clone();
        let mut depths = blocking(move || store.depths(Time::now())).await.map_err(failed)?;
        // Those that have had no message yet are there too.
        for channel in consumers.declared() {
            if !depths.iter().any(|depth| depth.channel == channel) {
                depths.push(Depth { channel, waiting: 0, delayed: 0, leased: 0, dead: 0 });
            }
        }
        let queues = depths.into_iter().map(|depth| {
            let Channel { kind, name, consumer, .. } = depth.channel;
            json!({"kind": kind.as_str(), "name": name, "consumer": consumer, "waiting": depth.waiting, "delayed": depth.delayed,
                "running": depth.leased, "dead": depth.dead})
        });
        Ok(answer(&json!({"queues": queues.collect::<Vec<_>>()})))
    }

    pub(super) async fn dead(&self, query: Option<&str>) -> Result<Response<Body>, Refused> {
        let of = |name| parameter(query, name).unwrap_or_default();
        let channel = channel(&of("kind"), of("name"), of("consumer"))?;
        let after = parameter(query, "after").map(|after| id(&after)).transpose()?;
        let limit = parameter(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(LIMIT);
        let store = self.consumers()?.store().clone();
        let letters = blocking(move || {
            let letters = store.dead_letters(&channel, after, limit)?;
            Ok((channel, letters))
        });
        let (channel, letters) = letters.await.map_err(failed)?;
        let letters = letters.into_iter().map(|letter| {
            let event = letter.item.event(&channel, letter.id, letter.attempts);
            json!({"id": letter.id.to_string(), "died": letter.died, "attempts": letter.attempts, "reason": letter.reason, "event": event})
        });
        Ok(answer(&json!({"dead": letters.collect::<Vec<_>>()})))
    }

    pub(super) async fn resend(&self, text: &str) -> Result<Response<Body>, Refused> {
        let (store, id) = (self.consumers()?.store().clone(), id(text)?);
        let queued = blocking(move || store.resend(id)).await.map_err(failed)?;
        self.courier.journal().queues_changed();
        Ok(answer(&json!({"queued": [queued.to_string()]})))
    }

    pub(super) async fn resend_all(&self, Of { kind, name, consumer }: Of) -> Result<Response<Body>, Refused> {
        let (store, channel) = (self.consumers()?.store().clone(), channel(&kind, name, consumer)?);
        let resent = blocking(move || store.resend_all(&channel)).await.map_err(failed)?;
        self.courier.journal().queues_changed();
        Ok(answer(&json!({ "resent": resent })))
    }

    pub(super) async fn discard(&self, text: &str) -> Result<Response<Body>, Refused> {
        let (store, id) = (self.consumers()?.store().clone(), id(text)?);
        blocking(move || store.discard(id)).await.map_err(failed)?;
        self.courier.journal().queues_changed();
        Ok(status(StatusCode::NO_CONTENT))
    }
}

fn channel(kind: &str, name: String, consumer: String) -> Result<Channel, Refused> {
    let kind = [Kind::Queue, Kind::Topic, Kind::Stream].into_iter().find(|known| known.as_str() == kind);
    let kind = kind.ok_or_else(|| refused(StatusCode::BAD_REQUEST, "kind: neither queue, topic nor stream"))?;
    Ok(Channel::new(kind, name, consumer))
}

fn id(text: &str) -> Result<Id, Refused> {
    text.parse().map_err(|_| refused(StatusCode::BAD_REQUEST, "not the number of a message"))
}

fn failed(error: StoreError) -> Refused {
    let status = if error.is_unknown() { StatusCode::NOT_FOUND } else { StatusCode::INTERNAL_SERVER_ERROR };
    refused(status, error.to_string())
}
