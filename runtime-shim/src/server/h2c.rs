use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    answering::{Caller, Requests},
    connection::{Io, drive},
    phase::{Phase, until},
};

/// What a client that knows that it may speak HTTP/2 sends first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Requests at once on one connection.
const STREAMS: u32 = 256;

/// Whether the client begins with HTTP/2; `None` if it says nothing in time, or the server stops first.
pub(super) async fn wanted(stream: &TcpStream, caller: &Caller) -> Option<bool> {
    let mut phase = caller.phase.clone();
    until(&mut phase, Phase::Stopping, timeout(caller.limits.head_time, preface(stream))).await?.ok()
}

/// Looks at the first bytes without taking them.
async fn preface(stream: &TcpStream) -> bool {
    let mut start = [0; PREFACE.len()];
    loop {
        let Ok(length) = stream.peek(&mut start).await else { return false };
        let seen = start.get(..length).unwrap_or_default();
        if length == PREFACE.len() || length == 0 || !PREFACE.starts_with(seen) {
            return seen == PREFACE;
        }
        // Bytes that stay in the socket make it readable at once again; clients send the preface whole.
        sleep(Duration::from_millis(10)).await;
    }
}

/// Serves one HTTP/2 connection.
pub(super) async fn connection(io: Io, caller: Arc<Caller>) {
    let mut phase = caller.phase.clone();
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(caller.limits.head).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(caller.limits.write_time)
        .keep_alive_timeout(caller.limits.head_time);
    let peer = caller.peer;
    let mut connection = builder.serve_connection(io, Requests(caller));
    let end = drive(&mut phase, &mut connection, poll, |connection| Pin::new(connection).graceful_shutdown()).await;
    if let Some(Err(error)) = end {
        tracing::debug!(%peer, "connection closed: {error}");
    }
}

fn poll<F: Future + Unpin>(connection: &mut F, cx: &mut Context<'_>) -> Poll<F::Output> {
    Pin::new(connection).poll(cx)
}
