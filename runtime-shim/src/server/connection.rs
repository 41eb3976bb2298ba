use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
    time::Duration,
};

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{io::AsyncWrite, net::TcpStream, sync::watch, time::timeout};

#[cfg(feature = "h2c")]
use super::h2c;
use super::{
    Limits,
    answering::{Caller, Requests},
    phase::{Phase, until},
    writing::Writing,
};

/// How long a client that was refused may go on sending, so that it can read why.
const LINGER: Duration = Duration::from_secs(2);

pub(super) type Io = TokioIo<Writing<TcpStream>>;

/// Serves one connection until its client, its limits or the server's end closes it.
pub(super) async fn connection(stream: TcpStream, caller: Arc<Caller>) {
    // Without it the last piece of a response may wait for an acknowledgement; a socket that cannot is no reason to stop.
    let _ = stream.set_nodelay(true);
    #[cfg(feature = "h2c")]
    match h2c::wanted(&stream, &caller).await {
        Some(true) => return h2c::connection(TokioIo::new(Writing::new(stream, caller.limits.write_time)), caller).await,
        Some(false) => {}
        None => return,
    }
    http1(TokioIo::new(Writing::new(stream, caller.limits.write_time)), caller).await;
}

async fn http1(io: Io, caller: Arc<Caller>) {
    let mut phase = caller.phase.clone();
    let mut connection = builder(&caller.limits).serve_connection(io, Requests(Arc::clone(&caller)));
    let end = drive(&mut phase, &mut connection, http1::Connection::poll_without_shutdown, |connection| {
        Pin::new(connection).graceful_shutdown();
    })
    .await;
    let Some(end) = end else { return };
    if let Err(error) = &end {
        tracing::debug!(peer = %caller.peer, "connection closed: {error}");
    }
    let refused = caller.refused.load(Ordering::Relaxed) || end.is_err_and(|error| error.is_parse());
    let mut io = connection.into_parts().io.into_inner();
    let _ = timeout(LINGER, poll_fn(|cx| Pin::new(&mut io).poll_shutdown(cx))).await;
    if refused {
        // Closing with bytes unread resets the connection, and the client may never see the response.
        let _ = until(&mut phase, Phase::Ended, timeout(LINGER, discard(io.get_ref()))).await;
    }
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_header_size(limits.head);
    // A client may close its half of the connection after the request and still wait for the response.
    builder.half_close(true);
    // hyper's own default costs no allocation, any other value does.
    if limits.headers != 100 {
        builder.max_headers(limits.headers);
    }
    builder
}

/// Polls a connection to its end, tells it once when the server stops, and leaves it when the grace is over.
pub(super) async fn drive<C, T>(
    phase: &mut watch::Receiver<Phase>,
    connection: &mut C,
    mut poll: impl FnMut(&mut C, &mut Context<'_>) -> Poll<T>,
    stop: impl Fn(&mut C),
) -> Option<T> {
    let mut seen = Phase::Serving;
    loop {
        let next = if seen == Phase::Serving { Phase::Stopping } else { Phase::Ended };
        let watched = phase.clone();
        let mut reached = pin!(phase.wait_for(|phase| *phase >= next));
        let mut waiting = false;
        let end = poll_fn(|cx| {
            // This task's waker never changes, so one poll is enough to be woken; a look at the value costs less.
            if !waiting || watched.has_changed().unwrap_or(true) {
                waiting = true;
                if reached.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(None);
                }
            }
            poll(connection, cx).map(Some)
        })
        .await;
        match end {
            Some(end) => return Some(end),
            None if seen == Phase::Serving => {
                seen = Phase::Stopping;
                stop(connection);
            }
            None => return None,
        }
    }
}

async fn discard(stream: &TcpStream) {
    let mut bytes = vec![0; 16 * 1024];
    while stream.readable().await.is_ok() {
        match stream.try_read(&mut bytes) {
            Ok(0) => return,
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return,
            _ => {}
        }
    }
}
