use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    answer::{self, Read, Taken, accepted, read},
    extensions,
    rejected::Rejected,
    state::State,
};

const RUNTIME: &str = "/2018-06-01/runtime/";
const EXTENSION: &str = "/2020-01-01/extension/";
/// The most bytes of a registration.
const REGISTRATION: usize = 65_536;
/// How long accepting rests when the system is out of something.
const REST: Duration = Duration::from_millis(100);

/// Answers the Runtime API on this socket; what it is dropped with is every connection.
pub(super) async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                connections.spawn(async move {
                    let _ = stream.set_nodelay(true);
                    let service = service_fn(|request| {
                        let state = Arc::clone(&state);
                        async move { Ok::<_, Infallible>(answer(&state, request).await) }
                    });
                    // A program that goes away closes its connections: no news.
                    let _ = http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Err(error) => {
                tracing::error!("cannot accept a connection: {error}");
                tokio::time::sleep(REST).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(state: &Arc<State>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let segments: Vec<_> = match (path.strip_prefix(RUNTIME), path.strip_prefix(EXTENSION)) {
        (Some(rest), _) => std::iter::once("runtime").chain(rest.split('/')).collect(),
        (_, Some(rest)) => std::iter::once("extension").chain(rest.split('/')).collect(),
        _ => Vec::new(),
    };
    let wanted = match segments.as_slice() {
        ["runtime", "invocation" | "restore", "next"] | ["extension", "event", "next"] => Method::GET,
        ["runtime", "invocation", _, "response" | "error"]
        | ["runtime", "init" | "restore", "error"]
        | ["extension", "register"]
        | ["extension", "init" | "exit", "error"] => Method::POST,
        _ => return plain(StatusCode::NOT_FOUND, "404 page not found\n"),
    };
    if parts.method != wanted {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "");
        let allow = if wanted == Method::GET { "GET" } else { "POST" };
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        return response;
    }
    let taken: Taken = match segments.as_slice() {
        ["runtime", "invocation", "next"] => state.next().await.map(|(headers, payload)| {
            let mut response = Response::new(Full::from(payload));
            *response.headers_mut() = headers;
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }),
        // No snapshot is ever taken, so what waits for one to be restored goes on.
        ["runtime", "restore", "next"] => Ok(plain(StatusCode::OK, "")),
        ["runtime", "invocation", id, "response"] => answer::response(state, id, &parts, body).await,
        ["runtime", "invocation", id, "error"] => answer::failure(state, id, &parts, body).await,
        ["runtime", _, "error"] => answer::init_failure(state, &parts, body).await,
        ["extension", "register"] => match read(body, REGISTRATION).await {
            Read::Whole(body, _) => extensions::register(state, &parts.headers, &body),
            Read::TooLarge => Err(Rejected::too_large(REGISTRATION)),
            Read::Broken => Err(Rejected::truncated()),
        },
        ["extension", "event", "next"] => extensions::next(state, &parts.headers).await,
        _ => Ok(accepted()),
    };
    taken.unwrap_or_else(Rejected::into_response)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
