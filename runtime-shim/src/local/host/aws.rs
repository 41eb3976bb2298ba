use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider,
    aws::{Answer, App, Frame, Shape, Taken, encode},
    event::Time,
    local::{
        Settled,
        aws::{self, identifiers, settled},
    },
};

/// One invocation of Lambda.
pub(super) async fn exchange(hosts: &Hosts, shape: Shape, event: &Event) -> Result<Exchange, Undeliverable> {
    let body = match event.http() {
        Some(http) => aws::delivery(shape, http, event.data().unwrap_or(&Bytes::new()), event.id()),
        // Lambda takes nothing for JSON's null, and nothing but JSON.
        None if shape == Shape::Direct => event.data().cloned().unwrap_or(Bytes::from_static(b"null")),
        None => aws::events(shape, std::slice::from_ref(event)),
    };
    let delivery = invocation(hosts, event, body);
    let reply = match hosts.programs(Provider::Aws, &delivery).await {
        Some(reply) => reply,
        None => {
            let app = App::new(Arc::clone(&hosts.table), Taken { streams: false, kafka_partial: true });
            invoked(app.answer(&Frame::from_headers(delivery.headers()), delivery.body()).await).await
        }
    };
    let failed = reply.headers().contains_key(FUNCTION_ERROR);
    let response = match shape {
        Shape::Direct => Some(reply.clone()),
        _ if shape.is_http() => Some(match aws::response(shape, reply.body()) {
            Ok(response) if !failed => response,
            _ => bad_gateway(),
        }),
        _ => None,
    };
    let settled = settled(shape, &identifiers(shape, std::slice::from_ref(event)), &reply).pop().unwrap_or(Settled::Again);
    Ok(Exchange { delivery, reply, response, settled })
}

const FUNCTION_ERROR: HeaderName = HeaderName::from_static("x-amz-function-error");

/// What Lambda tells a process of an invocation.
fn invocation(hosts: &Hosts, event: &Event, body: Bytes) -> Request<Bytes> {
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    add("lambda-runtime-aws-request-id", crate::server::new_id());
    add("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:local".to_owned());
    if let Some(deadline) = Time::now().after(hosts.timeout) {
        add("lambda-runtime-deadline-ms", deadline.as_millis().to_string());
    }
    if let Some(trace) = event.attribute("AWSTraceHeader") {
        add("lambda-runtime-trace-id", trace.to_owned());
    }
    let mut request = Request::new(body);
    *request.method_mut() = http::Method::POST;
    *request.headers_mut() = headers;
    request
}

/// What whoever invoked the function gets.
async fn invoked(answer: Answer) -> Response<Bytes> {
    match answer {
        Answer::Whole(body) => Response::new(body),
        Answer::Stream(response) => {
            let response = whole(response).await;
            let (parts, body) = response.into_parts();
            Response::new(Bytes::from([encode::prelude(&parts), body].concat()))
        }
        Answer::Error { name, message } => {
            let mut response = Response::new(encode::error(&name, &message));
            response.headers_mut().insert(FUNCTION_ERROR, HeaderValue::from_static("Unhandled"));
            response
        }
    }
}

/// What a front end says of a function that failed, or of a reply that is none.
fn bad_gateway() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(br#"{"message":"Internal Server Error"}"#));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}
