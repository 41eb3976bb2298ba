use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{ALLOW, HeaderName},
    request::Parts,
};

use super::Delivery;
use crate::{
    Body, DecodeError, Event, Invocation, Outcome, Trigger,
    function::{Order, Table, problem},
};

/// Hands the events of a delivery over and makes the answer: 204 if all are settled, an error if one is to come again.
///
/// A delivery whose events cannot be read is refused, unless every function of events gives malformed ones up.
///
/// `None` if it is a request for a function that takes requests: such a function sees every request on its route untouched, and
/// the others where no function takes the events in it.
///
/// `decode` reads the events of the request, `encode` makes the response to one failed event.
pub(crate) async fn answer_events(
    table: &Arc<Table>,
    delivery: &Delivery,
    invocation: &Invocation,
    decode: impl FnOnce(&Parts, &Bytes) -> Result<Vec<Event>, DecodeError>,
    encode: fn(Outcome) -> Response<Body>,
) -> Option<Response<Body>> {
    let Parts { method, headers, uri, .. } = &delivery.parts;
    if !table.has_events() || table.has_path(uri.path()) {
        return None;
    }
    let events = match decode(&delivery.parts, &delivery.body) {
        Ok(events) => events,
        Err(error) if table.drops_malformed() => {
            tracing::error!(invocation = invocation.id(), dropped = true, "malformed event given up: {error}");
            return Some(status(StatusCode::NO_CONTENT));
        }
        Err(error) => {
            // The source delivers it again for days; somebody has to see why.
            tracing::error!(invocation = invocation.id(), "malformed event refused: {error}");
            let status = if error.is_unsupported_format() { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { StatusCode::BAD_REQUEST };
            return Some(problem(status, error.to_string()));
        }
    };
    if events.iter().any(|event| matches!(event.trigger(), Trigger::Http(_))) {
        return if table.has_requests() { None } else { Some(no_event(method, headers)) };
    }
    if table.has_requests() && !events.iter().all(|event| table.takes(event)) {
        return None;
    }
    let outcomes = table.invoke_all(events, invocation.clone(), Order::None).await;
    match outcomes.into_iter().find(|outcome| matches!(outcome, Outcome::Retry(_))) {
        None => Some(status(StatusCode::NO_CONTENT)),
        Some(failed) => {
            let mut response = encode(failed);
            // A status that the function chose must not acknowledge what it did not handle.
            if response.status().as_u16() < 400 {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
            Some(response)
        }
    }
}

/// The answer to what holds no event, where every function wants one: 405, or the handshake of a source that asks first.
///
/// Source: [CloudEvents webhooks](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection).
fn no_event(method: &Method, headers: &HeaderMap) -> Response<Body> {
    const ORIGIN: HeaderName = HeaderName::from_static("webhook-request-origin");
    const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");
    const ALLOWED_RATE: HeaderName = HeaderName::from_static("webhook-allowed-rate");
    let mut response = match (method, headers.get(ORIGIN)) {
        (&Method::OPTIONS, Some(origin)) => {
            let mut response = status(StatusCode::OK);
            response.headers_mut().insert(ALLOWED_ORIGIN, origin.clone());
            response.headers_mut().insert(ALLOWED_RATE, HeaderValue::from_static("*"));
            response
        }
        (&Method::OPTIONS, None) => status(StatusCode::NO_CONTENT),
        (&Method::POST, _) => {
            tracing::error!("a request that holds no event was refused");
            return problem(StatusCode::BAD_REQUEST, "the request holds no event");
        }
        _ => problem(StatusCode::METHOD_NOT_ALLOWED, ""),
    };
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = status;
    response
}
