//! What Event Grid asks a webhook before it sends events.
//!
//! Source: [webhook event delivery](https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema)
//! and [CloudEvents validation](https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema).

use http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::value::RawValue;

use super::{Fact, Members};
use crate::{Body, DecodeError, Event};

/// The answer to a request that is no event: a validation in either form, or the end of a subscription.
///
/// # Errors
/// A validation without its code.
pub(crate) fn handshake(event: &Event) -> Option<Result<Response<Body>, DecodeError>> {
    let http = event.http()?;
    if http.method == Method::OPTIONS {
        let origin = http.headers.get("webhook-request-origin")?.clone();
        let mut response = Response::new(Body::default());
        response.headers_mut().insert("webhook-allowed-origin", origin);
        response.headers_mut().insert("webhook-allowed-rate", HeaderValue::from_static("*"));
        return Some(Ok(response));
    }
    let ty = http.headers.text("aeg-event-type")?;
    if http.method != Method::POST {
        return None;
    } else if ty.eq_ignore_ascii_case("Unsubscribe") {
        let mut response = Response::new(Body::from("{}"));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Some(Ok(response));
    } else if !ty.eq_ignore_ascii_case("SubscriptionValidation") {
        return None;
    }
    let body = event.data().map(|data| &data[..]).unwrap_or_default();
    Some(code(body).map(|code| {
        let json = format!(r#"{{"validationResponse":{}}}"#, serde_json::Value::from(code));
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = StatusCode::OK;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }))
}

/// The code to repeat: the event is alone or in an array, its data an object or a text that holds one.
fn code(body: &[u8]) -> Result<String, DecodeError> {
    let missing = || DecodeError::at("data.validationCode", "missing in the SubscriptionValidation");
    let text = std::str::from_utf8(body).map_err(|_| missing())?;
    let event = match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(list) => list.first().map(|event| event.get()).ok_or_else(missing)?,
        Err(_) => text,
    };
    let data = Members::read(event).and_then(|event| event.get("data")).ok_or_else(missing)?;
    Fact::wrapped(data).member("validationCode").and_then(|code| code.text()).ok_or_else(missing)
}
