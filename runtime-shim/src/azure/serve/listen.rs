use std::{
    convert::Infallible,
    future::{Future, pending, poll_fn},
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use http::{HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, time::sleep};

use super::app::{Address, App};
use crate::{Body, azure::encode::failed};

/// What the host takes from callers, and so the most that a delivery can hold.
const JSON_LIMIT: usize = 100 * 1024 * 1024;
/// What every host of polyfn takes of a caller's own request.
const RAW_LIMIT: usize = 32 * 1024 * 1024;
/// Longer than the host's HTTP client keeps an idle connection (a minute), so that it is the host who closes it: a
/// connection closed here just as the host sends on it would be a failed invocation.
const HEAD_TIMEOUT: Duration = Duration::from_secs(180);
/// After that time Azure's front end has given up on the caller.
const BODY_TIMEOUT: Duration = Duration::from_secs(230);
const GRACE: Duration = Duration::from_secs(10);

/// Answers connections until the process is told to stop, then waits for the invocations that have begun.
pub(super) async fn listen(listener: TcpListener, app: Arc<App>) {
    let running = Arc::new(AtomicUsize::new(0));
    let mut stop = Box::pin(stopped());
    loop {
        let accepted = poll_fn(|cx| match stop.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(cx).map(Some),
        });
        let Some(accepted) = accepted.await else { break };
        match accepted {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection(TokioIo::new(stream), Arc::clone(&app), Arc::clone(&running)));
            }
            Err(error) => {
                tracing::warn!("a connection could not be accepted: {error}");
                // Out of file descriptors is the usual reason, and passes.
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    let drained = async {
        while running.load(Ordering::Acquire) > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(GRACE, drained).await.is_err() {
        tracing::warn!("some invocations had not ended after {GRACE:?}");
    }
}

async fn connection(io: TokioIo<tokio::net::TcpStream>, app: Arc<App>, running: Arc<AtomicUsize>) {
    let service = service_fn(move |request| {
        let (app, running) = (Arc::clone(&app), Running::new(&running));
        async move {
            // In a task of its own, so that a caller who leaves does not cut short what has begun.
            let task = tokio::spawn(async move {
                let response = answer(&app, request).await;
                drop(running);
                response
            });
            Ok::<_, Infallible>(task.await.unwrap_or_else(|_| failed("the invocation ended without an answer")))
        }
    });
    let served = http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).serve_connection(io, service);
    if let Err(error) = served.await {
        tracing::debug!("a connection ended early: {error}");
    }
}

async fn answer(app: &App, request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let limit = match app.address(&parts) {
        Address::Json(_) => JSON_LIMIT,
        _ => RAW_LIMIT,
    };
    let too_large = || refused(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {limit} bytes"));
    if u64::try_from(limit).is_ok_and(|limit| http_body::Body::size_hint(&body).lower() > limit) {
        return too_large();
    }
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => app.answer(parts, body.to_bytes()).await,
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        Ok(Err(error)) => refused(StatusCode::BAD_REQUEST, format!("the body ended early: {error}")),
        Err(_) => refused(StatusCode::REQUEST_TIMEOUT, format!("the body did not come within {BODY_TIMEOUT:?}")),
    }
}

fn refused(status: StatusCode, text: String) -> Response<Body> {
    tracing::error!(status = status.as_u16(), "{text}");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// Counts an invocation for as long as it lives.
struct Running(Arc<AtomicUsize>);

impl Running {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Waits for Ctrl-C or SIGTERM.
async fn stopped() {
    let mut interrupted = Box::pin(async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    });
    let mut terminated = Box::pin(terminated());
    poll_fn(|cx| if interrupted.as_mut().poll(cx).is_ready() { Poll::Ready(()) } else { terminated.as_mut().poll(cx) }).await;
}

#[cfg(unix)]
async fn terminated() {
    let signal: io::Result<_> = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    pending().await
}
