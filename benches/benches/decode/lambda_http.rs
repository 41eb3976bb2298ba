use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use lambda_http::{Adapter, Body, LambdaEvent, Request, Response, Service, request::LambdaRequest, service_fn};

use crate::shapes::Seen;

/// Which one is measured.
pub(crate) const VERSION: &str = "lambda_http 1.3";

pub(crate) fn decode(delivery: &Bytes) -> Request {
    serde_json::from_slice::<LambdaRequest>(delivery).expect("a good delivery").into()
}

/// Decodes, and sends the body back, through the adapter that its `run` uses.
pub(crate) fn echo(delivery: &Bytes) -> Bytes {
    let payload = serde_json::from_slice::<LambdaRequest>(delivery).expect("a good delivery");
    let mut adapter = Adapter::from(service_fn(async |request: Request| {
        let (parts, body) = request.into_parts();
        let mut response = Response::new(body);
        if let Some(value) = parts.headers.get("content-type") {
            response.headers_mut().insert("content-type", value.clone());
        }
        Ok::<Response<Body>, Infallible>(response)
    }));
    let reply = pin!(adapter.call(LambdaEvent::new(payload, lambda_http::Context::default())));
    match reply.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(reply)) => serde_json::to_vec(&reply).expect("a reply").into(),
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => unreachable!("an echo waits for nothing"),
    }
}

pub(crate) fn seen(delivery: &Bytes) -> Seen {
    let request = decode(delivery);
    let headers = request.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    let path = request.uri().path();
    // It puts the stage in front of the paths of REST and WebSocket APIs, which we take for a fact of the deployment.
    let path = path.strip_prefix("/prod").unwrap_or(path);
    Seen::new(request.method().as_str(), path, headers, request.body().as_ref())
}
