use std::{
    cell::RefCell,
    convert::Infallible,
    net::TcpListener,
    rc::Rc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{sync::Notify, task::LocalSet};

use crate::{
    BoxError,
    child::{Process, Run},
    event,
};

/// How long a whole run may take before it counts as stuck.
const LIMIT: Duration = Duration::from_secs(120);

/// A deadline far away: the year 2100, in epoch milliseconds.
const DEADLINE: &str = "4102444800000";

/// Serves a Lambda Runtime API that hands out the same event `events` times, and waits until all are answered.
pub(crate) async fn drive(listener: TcpListener, events: usize, process: Process) -> Result<Run, BoxError> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let api = Rc::new(RuntimeApi { process, events, warm_up: events / 10, progress: RefCell::default(), done: Notify::new() });
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let api = Rc::clone(&api);
            tokio::task::spawn_local(async move {
                let answer = service_fn(move |request| {
                    let api = Rc::clone(&api);
                    async move { Ok::<_, Infallible>(api.answer(request).await) }
                });
                // The program's end closes its connections: no news.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    };
    let local = LocalSet::new();
    let outcome: Result<(), BoxError> = tokio::select! {
        // Either arm may be dropped: once all is answered, or too late, nobody listens any more.
        () = api.done.notified() => Ok(()),
        result = local.run_until(accept) => result,
        () = tokio::time::sleep(LIMIT) => Err("the program did not answer in time".into()),
    };
    outcome?;
    api.run()
}

/// The server's side of the Runtime API, not the local shim's: what stands before us and the peers alike must cost next to nothing,
/// and hand out the next event with no source behind it.
struct RuntimeApi {
    process: Process,
    events: usize,
    warm_up: usize,
    progress: RefCell<Progress>,
    done: Notify,
}

/// How far a run has come.
#[derive(Default)]
struct Progress {
    answered: usize,
    first: Option<Instant>,
    from: Option<(Instant, Duration)>,
    to: Option<(Instant, Duration)>,
    memory: f64,
    wrong: Option<BoxError>,
}

impl RuntimeApi {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let path = parts.uri.path();
        if parts.method == Method::GET && path.ends_with("/invocation/next") {
            return self.next().await;
        }
        let checked = if path.ends_with("/response") {
            self.count(&body)
        } else {
            Err(format!("{path}: {}", String::from_utf8_lossy(&body)).into())
        };
        if let Err(error) = checked {
            self.progress.borrow_mut().wrong.get_or_insert(error);
            self.done.notify_one();
        }
        let mut response = Response::new(Full::from(r#"{"status":"OK"}"#));
        *response.status_mut() = StatusCode::ACCEPTED;
        response
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        if self.progress.borrow().answered >= self.events {
            // As Lambda does between events: no answer until there is one.
            std::future::pending::<()>().await;
        }
        let mut response = Response::new(Full::from(event::HTTP_API));
        for (name, value) in [
            ("content-type", "application/json"),
            ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
            ("lambda-runtime-deadline-ms", DEADLINE),
            ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:hello"),
            ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    fn count(&self, reply: &[u8]) -> Result<(), BoxError> {
        event::check(reply)?;
        let now = Instant::now();
        let mut progress = self.progress.borrow_mut();
        progress.answered += 1;
        progress.first.get_or_insert(now);
        if progress.answered == self.warm_up.max(1) {
            progress.from = Some((now, self.process.cpu()?));
        }
        if progress.answered == self.events {
            progress.to = Some((now, self.process.cpu()?));
            progress.memory = self.process.peak()?;
            self.done.notify_one();
        }
        Ok(())
    }

    fn run(&self) -> Result<Run, BoxError> {
        let mut progress = self.progress.borrow_mut();
        if let Some(wrong) = progress.wrong.take() {
            return Err(wrong);
        }
        match (progress.first, progress.from, progress.to) {
            (Some(first), Some(from), Some(to)) => {
                let measured = self.events.saturating_sub(self.warm_up.max(1));
                Ok(Run { first, wall: to.0 - from.0, cpu: to.1.saturating_sub(from.1), measured, memory: progress.memory })
            }
            _ => Err("the run ended before it was measured".into()),
        }
    }
}
