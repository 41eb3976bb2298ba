use std::{convert::Infallible, future::Future, net::SocketAddr, pin::pin, sync::Arc};

use http::{HeaderValue, Response, header::CONNECTION};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{
    Limits, Request, Stop,
    body::{Refused, collect},
    finish::Finish,
};
use crate::{Body, function::problem};

/// All that is in flight: connections with a request, and invocations whose callers have gone.
#[derive(Clone, Debug)]
pub(super) struct Work(Arc<Semaphore>);

/// More than any server has in flight.
const ALL: u32 = u32::MAX >> 4;

impl Work {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(usize::try_from(ALL).unwrap_or(Semaphore::MAX_PERMITS))))
    }

    /// One piece of work, until it is dropped.
    fn begin(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }

    /// Waits until nothing is in flight.
    pub(super) async fn finished(&self) {
        let _ = self.0.acquire_many(ALL).await;
    }
}

/// Serves one connection until it ends, or until the server stops and its last request is answered.
pub(super) async fn serve<F, R>(stream: TcpStream, peer: SocketAddr, limits: Limits, work: Work, answer: F, mut stop: Stop)
where
    F: Fn(Request) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    let Some(connection_work) = work.begin() else { return };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (answer, work) = (answer.clone(), work.clone());
        async move { Ok::<_, Infallible>(respond(request, peer, limits, &work, answer).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(limits.headers)
        .max_buf_size(limits.head.max(8 * 1024));
    #[cfg(any(feature = "gcp", feature = "container"))]
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.body_timeout)
        .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What goes wrong on a connection is its caller's affair.
    if stop.or(connection.as_mut()).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
    drop(connection_work);
}

async fn respond<F, R>(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    limits: Limits,
    work: &Work,
    answer: F,
) -> Response<Body>
where
    F: Fn(Request) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    let (parts, body) = request.into_parts();
    match collect(body, &parts.headers, limits.body, limits.body_timeout).await {
        Ok(body) => {
            let answer = answer(Request { parts, body, peer });
            match work.begin() {
                Some(permit) => Finish::new(answer, permit).await,
                None => answer.await,
            }
        }
        Err(refused) => refuse(refused, limits),
    }
}

fn refuse(refused: Refused, limits: Limits) -> Response<Body> {
    let detail = match refused {
        Refused::TooLarge => format!("the body is larger than {} bytes", limits.body),
        Refused::TooSlow => "the body did not come in time".to_owned(),
        Refused::Broken => "the body is broken".to_owned(),
    };
    tracing::warn!("request refused: {detail}");
    let mut response = problem(refused.status(), detail);
    // What is left of the body is not read.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
