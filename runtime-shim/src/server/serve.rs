use std::{
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, atomic::AtomicBool},
    task::{Context, Poll},
    time::Duration,
};

use http::Response;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};

use super::{
    Delivery, Limits, Stop,
    answering::{Answer, Caller},
    connection::connection,
    phase::Phase,
};
use crate::{Body, ServeError};

/// How long accepting rests when the system is out of something, most often file descriptors.
const REST: Duration = Duration::from_millis(100);
/// How long what was cut off at the end of the grace has to let go.
const LET_GO: Duration = Duration::from_secs(1);

/// Answers every request to these listeners until it is told to stop, and then what has begun.
///
/// A client that goes away does not cancel an answer that has begun. When the grace is over, what still runs is dropped.
///
/// ```
/// use http::Response;
/// use polyfn_shim::{Body, server::{self, Limits, Stop}};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
/// let answer = |delivery: server::Delivery| async move { Response::new(Body::from(delivery.body)) };
/// let stop = Stop::when(async {});
/// server::serve(vec![listener], answer, Limits::default(), stop).await.unwrap();
/// # });
/// ```
///
/// # Errors
/// If there is nothing to listen on.
pub async fn serve<A, F>(listeners: Vec<TcpListener>, answer: A, limits: Limits, stop: Stop) -> Result<(), ServeError>
where
    A: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    if listeners.is_empty() {
        return Err(ServeError::new("no address to listen on"));
    }
    let (wanted, grace) = stop.into_parts();
    let phase = watch::Sender::new(Phase::Serving);
    let (room, limits) = (Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS))), Arc::new(limits));
    let answer: Answer = Arc::new(move |delivery| Box::pin(answer(delivery)));
    let accepting = accept(listeners, room, |stream, peer, place| {
        let caller = Arc::new(Caller {
            answer: Arc::clone(&answer),
            limits: Arc::clone(&limits),
            peer,
            phase: phase.subscribe(),
            refused: AtomicBool::new(false),
        });
        tokio::spawn(async move {
            connection(stream, caller).await;
            drop(place);
        });
    });
    either(wanted, accepting).await;
    drop(answer);
    finish(&phase, grace).await;
    Ok(())
}

/// Tells every connection to finish, and waits for that.
async fn finish(phase: &watch::Sender<Phase>, grace: Duration) {
    phase.send_replace(Phase::Stopping);
    if timeout(grace, phase.closed()).await.is_err() {
        tracing::warn!("{} connections or invocations outlived the grace of {grace:?}", phase.receiver_count());
        phase.send_replace(Phase::Ended);
        let _ = timeout(LET_GO, phase.closed()).await;
    }
}

/// Accepts connections for ever, at most as many at once as there is room for.
async fn accept(listeners: Vec<TcpListener>, room: Arc<Semaphore>, serve: impl Fn(TcpStream, SocketAddr, OwnedSemaphorePermit)) {
    let mut turn = 0;
    loop {
        // Nobody closes the semaphore; if it were closed, nothing more could be accepted.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return std::future::pending().await };
        match poll_fn(|cx| poll_accept(&listeners, &mut turn, cx)).await {
            Ok((stream, peer)) => serve(stream, peer, place),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!("cannot accept a connection: {error}");
                sleep(REST).await;
            }
        }
    }
}

/// The next connection of any listener; each is asked first in turn, so that none starves.
fn poll_accept(listeners: &[TcpListener], turn: &mut usize, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
    *turn = turn.wrapping_add(1);
    let first = *turn % listeners.len().max(1);
    let (before, after) = listeners.split_at(first);
    for listener in after.iter().chain(before) {
        if let Poll::Ready(accepted) = listener.poll_accept(cx) {
            return Poll::Ready(accepted);
        }
    }
    Poll::Pending
}

/// Whether accepting failed for this one connection only.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Waits for the first of two and drops the other.
async fn either(first: impl Future<Output = ()>, second: impl Future<Output = ()>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => second.as_mut().poll(cx),
    })
    .await;
}
