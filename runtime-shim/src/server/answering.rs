use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{ALLOW, CONNECTION},
    request::Parts,
};
use http_body::Body as _;
use hyper::{body::Incoming, service::Service};
use tokio::sync::watch;

use super::{
    Delivery, Limits,
    phase::{Phase, until},
    reading::Reading,
};
use crate::{Body, function::problem};

/// What the server does not decide itself: the answer to a delivery.
pub(super) type Answer = Arc<dyn Fn(Delivery) -> Answered + Send + Sync>;
/// An answer on its way.
pub(super) type Answered = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// One connection, as each of its requests needs it.
pub(super) struct Caller {
    pub(super) answer: Answer,
    pub(super) limits: Arc<Limits>,
    pub(super) peer: SocketAddr,
    pub(super) phase: watch::Receiver<Phase>,
    /// Whether a body was left unread, which the client may still be sending.
    pub(super) refused: AtomicBool,
}

/// A connection's requests, one after the other or, over HTTP/2, several at once.
#[derive(Clone)]
pub(super) struct Requests(pub(super) Arc<Caller>);

impl Service<Request<Incoming>> for Requests {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        let caller = Arc::clone(&self.0);
        let (parts, body) = request.into_parts();
        let step = if let Some(response) = of_the_server(&parts) {
            Step::Refused(Some(response))
        } else if body.is_end_stream() {
            Step::Running(caller.begin(parts, Bytes::new()))
        } else {
            match Reading::new(body, &caller.limits) {
                Ok(reading) => Step::Reading(Box::new((parts, reading))),
                Err(status) => Step::Refused(Some(caller.refuse(status, parts.version))),
            }
        };
        Answering { caller, step }
    }
}

impl Caller {
    fn begin(&self, parts: Parts, body: Bytes) -> Answered {
        (self.answer)(Delivery { parts, body, peer: Some(self.peer) })
    }

    fn refuse(&self, status: StatusCode, version: Version) -> Response<Body> {
        self.refused.store(true, Ordering::Relaxed);
        let reason = match status {
            StatusCode::PAYLOAD_TOO_LARGE => format!("the body is larger than {} bytes", self.limits.body),
            StatusCode::REQUEST_TIMEOUT => "the body came too slowly".to_owned(),
            _ => "the body broke off".to_owned(),
        };
        tracing::warn!(peer = %self.peer, status = status.as_u16(), "request refused: {reason}");
        let mut response = problem(status, reason);
        if version < Version::HTTP_2 {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The answer to what no function can be asked: `CONNECT`, and a target that is no path.
fn of_the_server(parts: &Parts) -> Option<Response<Body>> {
    let path = parts.uri.path();
    let status = if parts.method == Method::CONNECT {
        StatusCode::METHOD_NOT_ALLOWED
    } else if path.starts_with('/') {
        return None;
    } else if parts.method == Method::OPTIONS {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::BAD_REQUEST
    };
    let mut response = if status.is_success() {
        crate::function::response(crate::Outcome::Done(crate::Reply::Empty))
    } else {
        problem(status, "")
    };
    if status != StatusCode::BAD_REQUEST {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    Some(response)
}

/// One request on its way to its response.
pub(super) struct Answering {
    caller: Arc<Caller>,
    step: Step,
}

enum Step {
    Reading(Box<(Parts, Reading)>),
    Running(Answered),
    Refused(Option<Response<Body>>),
}

impl Future for Answering {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            match &mut this.step {
                Step::Reading(reading) => {
                    let Poll::Ready(body) = Pin::new(&mut reading.1).poll(cx) else { return Poll::Pending };
                    let Step::Reading(reading) = std::mem::replace(&mut this.step, Step::Refused(None)) else { continue };
                    this.step = match body {
                        Ok(body) => Step::Running(this.caller.begin(reading.0, body)),
                        Err(status) => Step::Refused(Some(this.caller.refuse(status, reading.0.version))),
                    };
                }
                Step::Running(running) => {
                    let Poll::Ready(response) = running.as_mut().poll(cx) else { return Poll::Pending };
                    this.step = Step::Refused(None);
                    return Poll::Ready(Ok(response));
                }
                Step::Refused(response) => return Poll::Ready(Ok(response.take().unwrap_or_default())),
            }
        }
    }
}

impl Drop for Answering {
    /// A client that goes away does not cancel an invocation that has begun: it goes on without a reader.
    fn drop(&mut self) {
        let Step::Running(running) = std::mem::replace(&mut self.step, Step::Refused(None)) else { return };
        let mut phase = self.caller.phase.clone();
        let ended = *phase.borrow() == Phase::Ended;
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !ended
        {
            runtime.spawn(async move { until(&mut phase, Phase::Ended, running).await });
        }
    }
}
