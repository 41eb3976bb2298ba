use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};

use super::{Exchange, Hosts, Undeliverable};
use crate::{
    Body, Event, Invocation, Outcome, Provider, Trigger,
    event::Time,
    function::{Order, response},
    local::Settled,
    server::new_id,
};

/// This machine's own delivery: the event as it is. Its native form is the request, or the event's JSON.
pub(super) async fn exchange(hosts: &Hosts, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let invocation = Invocation::new(Provider::Local, new_id()).with_deadline(Time::now().after(hosts.timeout));
    let delivery = match events {
        [event] => native(event)?,
        _ => posted(events)?,
    };
    if let [event] = events
        && matches!(event.trigger(), Trigger::Http(_) | Trigger::Direct)
    {
        let answer = hosts.table.invoke(event.clone(), invocation);
        let reply = hosts.replied(whole(response(answer.await)).await);
        return Ok(Exchange { delivery, response: Some(reply.clone()), settled: vec![Settled::Acknowledged], reply });
    }
    let outcomes = hosts.table.invoke_all(events.to_vec(), invocation, Order::None).await;
    let comes_again = |outcome: &Outcome| matches!(outcome, Outcome::Retry(_));
    let again = outcomes.iter().any(comes_again);
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = if again { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NO_CONTENT };
    let reply = hosts.replied(reply);
    // The status is that of the worst; with several each has its own outcome beside it.
    let settled = |outcome: &Outcome| match reply.status().is_success() || (events.len() > 1 && !comes_again(outcome)) {
        true => Settled::Acknowledged,
        false => Settled::Again,
    };
    let settled = outcomes.iter().map(settled).collect();
    Ok(Exchange { delivery, response: None, settled, reply })
}

/// A response with its whole body; a 500 if the body broke off.
pub(super) async fn whole(response: Response<Body>) -> Response<Bytes> {
    let (mut parts, body) = response.into_parts();
    let body = match body.collect().await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!("the response ended early: {error}");
            parts.status = StatusCode::INTERNAL_SERVER_ERROR;
            Bytes::new()
        }
    };
    Response::from_parts(parts, body)
}

/// The request, or the event's JSON.
pub(super) fn native(event: &Event) -> Result<Request<Bytes>, Undeliverable> {
    if let Some(http) = event.http() {
        let mut request = Request::new(event.data().cloned().unwrap_or_default());
        *request.method_mut() = http.method.clone();
        *request.uri_mut() = http.path_and_query().parse().map_err(|_| Undeliverable::new("the path is no request target"))?;
        *request.headers_mut() = http.headers.to_map();
        return Ok(request);
    }
    posted(event)
}

/// JSON that is posted.
fn posted(value: &(impl serde::Serialize + ?Sized)) -> Result<Request<Bytes>, Undeliverable> {
    let json = serde_json::to_vec(value).map_err(|error| Undeliverable::new(error.to_string()))?;
    let mut request = Request::new(Bytes::from(json));
    *request.method_mut() = http::Method::POST;
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(request)
}
