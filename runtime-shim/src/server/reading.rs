use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use super::Limits;

/// How much room a body gets before its bytes are there: its length is only the client's claim.
const ROOM: usize = 1024 * 1024;
/// A body may take one more `body_time` for each so many bytes.
const PACE: usize = 32 * 1024;

/// A body on its way in, under its limits.
pub(super) struct Reading {
    body: Incoming,
    limit: usize,
    patience: Duration,
    /// The only piece so far, which need not be copied if no other follows.
    first: Bytes,
    rest: BytesMut,
    wait: Option<Wait>,
}

struct Wait {
    began: Instant,
    timer: Pin<Box<Sleep>>,
    /// Whether the timer counts from the last piece on.
    armed: bool,
}

impl Reading {
    /// A body to read, or the status that refuses it at once.
    pub(super) fn new(body: Incoming, limits: &Limits) -> Result<Self, StatusCode> {
        let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if least > limits.body {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Ok(Self { body, limit: limits.body, patience: limits.body_time, first: Bytes::new(), rest: BytesMut::new(), wait: None })
    }

    fn push(&mut self, piece: Bytes) -> Result<(), StatusCode> {
        if piece.len() > self.limit.saturating_sub(self.len()) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if self.len() == 0 {
            self.first = piece;
        } else {
            if self.rest.is_empty() {
                let more = usize::try_from(self.body.size_hint().lower()).unwrap_or(0);
                self.rest
                    .reserve((self.first.len() + piece.len()).saturating_add(more).min(ROOM.max(self.first.len() + piece.len())));
                self.rest.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.rest.extend_from_slice(&piece);
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    /// Whether the client took too long.
    fn poll_timeout(&mut self, cx: &mut Context<'_>) -> bool {
        let now = Instant::now();
        let patience = self.patience;
        let pieces = u32::try_from(self.len() / PACE).unwrap_or(u32::MAX).saturating_add(1);
        let wait =
            self.wait.get_or_insert_with(|| Wait { began: now, timer: Box::pin(sleep_until(now + patience)), armed: false });
        if !wait.armed {
            let all = wait.began.checked_add(patience.saturating_mul(pieces)).unwrap_or(now + patience);
            wait.timer.as_mut().reset(all.min(now + patience));
            wait.armed = true;
        }
        wait.timer.as_mut().poll(cx).is_ready()
    }
}

impl Future for Reading {
    type Output = Result<Bytes, StatusCode>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            match Pin::new(&mut this.body).poll_frame(cx) {
                Poll::Ready(None) if this.rest.is_empty() => return Poll::Ready(Ok(std::mem::take(&mut this.first))),
                Poll::Ready(None) => return Poll::Ready(Ok(std::mem::take(&mut this.rest).freeze())),
                Poll::Ready(Some(Ok(frame))) => {
                    // Trailers say nothing that a function could ask for.
                    let Ok(piece) = frame.into_data() else { continue };
                    if let Some(wait) = &mut this.wait
                        && !piece.is_empty()
                    {
                        wait.armed = false;
                    }
                    if let Err(status) = this.push(piece) {
                        return Poll::Ready(Err(status));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    tracing::debug!("a request's body broke off: {error}");
                    return Poll::Ready(Err(StatusCode::BAD_REQUEST));
                }
                Poll::Pending if this.poll_timeout(cx) => return Poll::Ready(Err(StatusCode::REQUEST_TIMEOUT)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
