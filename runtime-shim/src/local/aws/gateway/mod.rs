mod own;
mod streamed;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde::de::IgnoredAny;
use tokio::time::timeout;

use self::own::{Failure, own};
use super::{FUNCTION_ERROR, REQUEST_ID, delivery, invoked::STREAMED, reply::object, response};
use crate::{
    DecodeError,
    aws::Shape,
    event::Http,
    local::{Process, ProcessError},
};

/// A front end: what it makes of a request for Lambda, and of Lambda's answer for its caller.
///
/// ```
/// use bytes::Bytes;
/// use http::Method;
/// use polyfn_shim::{aws::Shape, event::Http, local::aws::Gateway};
///
/// let gateway = Gateway::new(Shape::HttpApi2);
/// let delivery = gateway.delivery(&Http::new(Method::GET, "/hello", None), &Bytes::new(), "r-1").unwrap();
/// assert!(delivery.body().starts_with(b"{"));
///
/// let reply = http::Response::new(Bytes::from_static(br#"{"statusCode":201,"body":"hi"}"#));
/// assert_eq!(gateway.response(&Ok(reply)).status(), 201);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gateway {
    shape: Shape,
    streams: bool,
}

impl Gateway {
    /// The front end that makes deliveries of this shape; a shape of events makes one that answers nothing well.
    pub fn new(shape: Shape) -> Self {
        Self { shape, streams: false }
    }

    /// The same with response streaming switched on, for those that have it: Function URLs and REST APIs.
    #[must_use]
    pub fn streaming(self) -> Self {
        Self { streams: self.shape.can_stream(), ..self }
    }

    /// The `Invoke` for a request, which the front end calls `id`; path, query and headers as they were received.
    ///
    /// # Errors
    /// The response to a request that is too large for the front end.
    pub fn delivery(&self, request: &Http, body: &Bytes, id: &str) -> Result<Request<Bytes>, Box<Response<Bytes>>> {
        if body.len() > most(self.shape) {
            return Err(Box::new(own(self.shape, Failure::TooLarge)));
        }
        let mut invoke = Request::new(delivery(self.shape, request, body, id));
        *invoke.method_mut() = http::Method::POST;
        let trace = request.headers.get("x-amzn-trace-id").cloned();
        for (name, value) in [(REQUEST_ID, HeaderValue::from_str(id).ok()), ("x-amzn-trace-id", trace)] {
            if let Some(value) = value {
                invoke.headers_mut().insert(name, value);
            }
        }
        Ok(invoke)
    }

    /// What its caller gets for Lambda's answer.
    ///
    /// A reply that was streamed and broke off is a failed one here, where the real caller gets a body that is cut.
    pub fn response(&self, reply: &Result<Response<Bytes>, ProcessError>) -> Response<Bytes> {
        let reply = match reply {
            Ok(reply) => reply,
            Err(_) => return own(self.shape, Failure::Function),
        };
        if !reply.status().is_success() {
            return own(self.shape, Failure::Invoke);
        }
        if reply.headers().contains_key(FUNCTION_ERROR) {
            return own(self.shape, Failure::Function);
        }
        let is_streamed = reply.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == STREAMED.as_bytes());
        let response = match (self.streams, is_streamed) {
            (true, true) => streamed::response(reply.body()),
            // Whoever streams sends on what comes, whatever it is.
            (true, false) => Ok(raw(reply.body(), "application/octet-stream")),
            (false, true) => Err(DecodeError::at("", "a streamed reply, which this front end does not take")),
            (false, false) => self.whole(reply.body()),
        };
        match response {
            Ok(response) if is_alb(self.shape) && response.body().len() > most(self.shape) => own(self.shape, Failure::Reply),
            Ok(response) => response,
            Err(error) => {
                tracing::warn!("the reply is not in the form of its front end: {error}");
                own(self.shape, Failure::Reply)
            }
        }
    }

    /// Takes a request from a caller to functions and the response back.
    pub async fn answer(&self, process: &dyn Process, request: &Http, body: &Bytes, id: &str) -> Response<Bytes> {
        let delivery = match self.delivery(request, body, id) {
            Ok(delivery) => delivery,
            Err(response) => return *response,
        };
        match self.patience() {
            Some(limit) => match timeout(limit, process.deliver(delivery)).await {
                Ok(reply) => self.response(&reply),
                Err(_) => self.too_slow(),
            },
            None => self.response(&process.deliver(delivery).await),
        }
    }

    /// How long it waits for the function.
    pub(in crate::local) fn patience(&self) -> Option<Duration> {
        match self.shape {
            Shape::Rest | Shape::WebSocket => Some(Duration::from_secs(29)),
            Shape::HttpApi1 | Shape::HttpApi2 => Some(Duration::from_secs(30)),
            _ => None,
        }
    }

    /// What its caller gets when that is over.
    pub(in crate::local) fn too_slow(&self) -> Response<Bytes> {
        own(self.shape, Failure::TooSlow)
    }

    fn whole(&self, reply: &Bytes) -> Result<Response<Bytes>, DecodeError> {
        let response = response(self.shape, reply);
        // Payload format 2.0 takes JSON without a status for the body.
        let guesses = matches!(self.shape, Shape::HttpApi2 | Shape::FunctionUrl);
        match response {
            Err(_) if guesses && has_no_status(reply) => Ok(raw(reply, "application/json")),
            response => response,
        }
    }
}

/// The most bytes of a body.
///
/// Sources: [API Gateway quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html),
/// [Lambda functions as targets](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
fn most(shape: Shape) -> usize {
    match shape {
        _ if is_alb(shape) => 1_048_576,
        Shape::Rest | Shape::HttpApi1 | Shape::HttpApi2 => 10_485_760,
        Shape::WebSocket => 131_072,
        // Lambda's own limit, which the body alone is past.
        _ => 6_291_456,
    }
}

fn is_alb(shape: Shape) -> bool {
    matches!(shape, Shape::AlbSingle | Shape::AlbMulti)
}

fn has_no_status(reply: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        status_code: Option<IgnoredAny>,
    }
    let is_json = serde_json::from_slice::<IgnoredAny>(reply).is_ok();
    is_json && object::<Status>(reply).map_or(true, |status| status.status_code.is_none())
}

fn raw(body: &Bytes, kind: &'static str) -> Response<Bytes> {
    let mut response = Response::new(body.clone());
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
