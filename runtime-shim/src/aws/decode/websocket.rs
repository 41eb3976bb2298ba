use ::http::Method;
use bytes::Bytes;

use super::{
    delivery::Delivery,
    http::{self, Request},
    path::Base,
    rest,
};
use crate::{DecodeError, Event};

/// WebSocket API: a connection is opened or closed, or a message came in. A message has no headers, path or method.
///
/// Source: [Lambda proxy integration for WebSocket APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html).
pub(super) fn decode<'a>(bytes: &Bytes, delivery: &'a Delivery<'_>, route: &'a str) -> Result<Request<'a>, DecodeError> {
    let context = &delivery.request_context;
    let method = match (&delivery.http_method, context.event_type.text()) {
        (leaf, _) if !leaf.is_absent() => http::method("httpMethod", leaf)?,
        (_, Some("CONNECT")) => Method::GET,
        _ => Method::POST,
    };
    let path = http::text("path", &delivery.path)?;
    let base = Base {
        template: delivery.resource.text(),
        parameters: &delivery.path_parameters,
        stage: context.stage.text(),
        has_stage: context.domain_name.is_absent() || context.has_label("execute-api"),
    };
    Ok(Request {
        method,
        path: if path.is_empty() { route } else { base.remove(path) },
        raw_path: if path.is_empty() { route } else { path },
        query: rest::query(delivery)?,
        headers: rest::headers(bytes, delivery)?.finish(),
        client_ip: context.identity.source_ip.text(),
        time: http::time(&context.request_time_epoch),
        source: None,
    })
}

/// The path of a delivery that has none.
pub(super) fn route(delivery: &Delivery<'_>) -> String {
    format!("/{}", delivery.request_context.route_key.text().unwrap_or_default())
}

/// The same event with what a function needs to answer on the connection.
pub(super) fn with_attributes(mut event: Event, delivery: &Delivery<'_>) -> Event {
    let context = &delivery.request_context;
    for (name, leaf) in [
        ("connectionId", &context.connection_id),
        ("routeKey", &context.route_key),
        ("eventType", &context.event_type),
        ("stage", &context.stage),
    ] {
        if let Some(text) = leaf.text() {
            event = event.with_attribute(name, text);
        }
    }
    event
}
