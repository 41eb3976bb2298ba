use std::{future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{ALLOW, HeaderName},
    request::Parts,
};

use super::{
    Delivery,
    neighbours::{is_batch, neighbours},
};
use crate::{
    Body, DecodeError, Event, Invocation, Outcome, Trigger,
    function::{Order, Table, problem, status},
};

/// How a host answers what may hold events; `None` if it is a request for functions that take requests.
pub(crate) type AnswerEvents =
    for<'a> fn(&'a Arc<Table>, &'a Delivery, &'a Invocation) -> Pin<Box<dyn Future<Output = Option<Response<Body>>> + Send + 'a>>;

/// Hands the events of a delivery over and makes the answer: 204 if all are settled, an error if one is to come again.
///
/// What cannot be read is refused, unless every function of events gives malformed ones up; the other events of a batch are handled
/// all the same.
///
/// `None` if it is a request for a function that takes requests: such a function sees every request on its route untouched, and
/// the others where no function takes the events in it.
///
/// `decode` reads the events of the request, `encode` makes the response to one failed event.
pub(crate) async fn answer_events(
    table: &Arc<Table>,
    delivery: &Delivery,
    invocation: &Invocation,
    decode: impl Fn(&Parts, &Bytes) -> Result<Vec<Event>, DecodeError>,
    encode: fn(Outcome) -> Response<Body>,
) -> Option<Response<Body>> {
    let Parts { method, headers, uri, .. } = &delivery.parts;
    if !table.has_events() || table.has_path(uri.path()) {
        return None;
    }
    let (events, refused) = match decode(&delivery.parts, &delivery.body) {
        Ok(events) => (events, None),
        Err(error) => {
            let drops = table.drops_malformed();
            match neighbours(&delivery.parts, &delivery.body, decode) {
                // One bad event of a batch costs the others nothing.
                Some((events, errors)) => {
                    (events, errors.iter().map(|error| refuse(drops, invocation, error)).fold(None, Option::or))
                }
                // A batch that cannot be taken apart, and a format that nobody here reads, may hold events that are good.
                None => (
                    Vec::new(),
                    refuse(drops && !error.is_unsupported_format() && !is_batch(&delivery.parts), invocation, &error),
                ),
            }
        }
    };
    if events.iter().any(|event| matches!(event.trigger(), Trigger::Http(_))) {
        return if table.has_requests() { None } else { Some(no_event(method, headers)) };
    }
    if table.has_requests() && !events.is_empty() && !events.iter().any(|event| table.declared().knows(event)) {
        return None;
    }
    let outcomes = table.invoke_all(events, invocation.clone(), Order::None).await;
    let failed = outcomes.into_iter().filter(|outcome| matches!(outcome, Outcome::Retry(_)));
    // One answer goes for all: what a source may give up must not take along what is to come again.
    match failed.min_by_key(is_malformed) {
        None => refused.or_else(|| Some(status(StatusCode::NO_CONTENT))),
        Some(failed) => {
            let again = asks_again(&failed);
            let mut response = encode(failed);
            if !again {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
            Some(response)
        }
    }
}

/// Whether the status of a failure is one for which every source delivers again. What the function chose for a caller must not
/// acknowledge what it did not handle, nor give it up: for some sources a 4xx does, and even a 501. A payload that does not fit
/// stays a 400.
///
/// Sources: [Knative](https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md#event-acknowledgement-and-delivery-retry),
/// [Eventarc Advanced](https://cloud.google.com/eventarc/advanced/docs/retry-events).
fn asks_again(outcome: &Outcome) -> bool {
    let Outcome::Retry(failure) = outcome else { return true };
    let retried = |status: StatusCode| matches!(status.as_u16(), 429 | 500 | 502..=504);
    failure.status().is_none_or(retried) || is_malformed(outcome)
}

/// Whether an event failed because its payload does not fit its function, which another attempt does not mend.
fn is_malformed(outcome: &Outcome) -> bool {
    let Outcome::Retry(failure) = outcome else { return false };
    failure.status() == Some(StatusCode::BAD_REQUEST) && failure.name() == BAD_INPUT
}

/// The name of the failure of an event whose payload does not fit its function.
const BAD_INPUT: &str = "Function.BadInput";

/// The answer to an event that cannot be read; `None` if it is given up.
fn refuse(drops: bool, invocation: &Invocation, error: &DecodeError) -> Option<Response<Body>> {
    // The source delivers it again for days; somebody has to see why.
    if drops {
        tracing::error!(invocation = invocation.id(), dropped = true, "malformed event given up: {error}");
        return None;
    }
    tracing::error!(invocation = invocation.id(), "malformed event refused: {error}");
    let status = if error.is_unsupported_format() { StatusCode::UNSUPPORTED_MEDIA_TYPE } else { StatusCode::BAD_REQUEST };
    Some(problem(status, error.to_string()))
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
