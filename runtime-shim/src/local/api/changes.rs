use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Response, header::CONTENT_TYPE};
use tokio::{
    sync::mpsc::Receiver,
    time::{Instant, Sleep, sleep},
};

use super::{Api, invocations::summary};
use crate::{Body, local::shim::Change};

/// How often a listener that hears nothing is told that all is well.
const STILL_HERE: Duration = Duration::from_secs(15);
/// How often changes of queues are told of at the most.
const SELDOM: Duration = Duration::from_millis(250);

impl Api {
    /// What happens from now on, as server-sent events.
    pub(super) fn changes(&self) -> Response<Body> {
        let changes = Changes {
            journal: self.courier.journal().listen(),
            still_here: Box::pin(sleep(STILL_HERE)),
            queues: None,
            told: None,
        };
        let mut response = Response::new(Body::from_stream(changes));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response
    }
}

struct Changes {
    journal: Receiver<Change>,
    still_here: Pin<Box<Sleep>>,
    /// When the last change of a queue is told of, if it is yet to be.
    queues: Option<Pin<Box<Sleep>>>,
    /// When one was told of last.
    told: Option<Instant>,
}

impl Stream for Changes {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.journal.poll_recv(cx) {
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Change::Delivered(entry))) => {
                    return Poll::Ready(Some(Ok(format!("event: invocation\ndata: {}\n\n", summary(&entry)).into())));
                }
                Poll::Ready(Some(Change::Queues)) => {
                    let next = self.told.map_or_else(Instant::now, |told| told + SELDOM);
                    if self.queues.is_none() {
                        self.queues = Some(Box::pin(tokio::time::sleep_until(next)));
                    }
                    continue;
                }
                Poll::Ready(Some(Change::Note(note))) => {
                    let note = serde_json::to_string(&note.as_deref()).unwrap_or_default();
                    return Poll::Ready(Some(Ok(format!("event: note\ndata: {note}\n\n").into())));
                }
                Poll::Pending => {}
            }
            if self.queues.as_mut().is_some_and(|queues| queues.as_mut().poll(cx).is_ready()) {
                self.queues = None;
                self.told = Some(Instant::now());
                return Poll::Ready(Some(Ok(Bytes::from_static(b"event: queues\ndata: {}\n\n"))));
            }
            if self.still_here.as_mut().poll(cx).is_ready() {
                self.still_here.as_mut().reset(Instant::now() + STILL_HERE);
                return Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n"))));
            }
            return Poll::Pending;
        }
    }
}
