//! The functions of a process as Lambda addresses them: a delivery in, an answer out, and nothing of the Runtime API.

mod answer;
mod events;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use http::{Response, response::Parts};

pub use self::answer::Answer;
use self::events::Decode;
pub(crate) use self::events::{EVENTS, Events};
use super::{
    Frame, Shape,
    decode::{Refused, decode_requests},
    encode,
};
use crate::{
    Body, Failure, Outcome, Reply,
    function::{Table, response, unwind},
};

/// The functions of a process, as Lambda addresses them.
///
/// ```
/// use std::sync::Arc;
///
/// use bytes::Bytes;
/// use polyfn_shim::{Outcome, Reply, aws::{Answer, App, Frame, Taken}, function::{Binding, Description, Function, Functions, Table}};
///
/// let echo = Function::blocking(Description::new("echo", Binding::Direct), |event, _| {
///     Outcome::Done(Reply::Direct(event.data().cloned().unwrap_or_default()))
/// });
/// let table = Table::new(Functions::new(vec![echo]), None, false).unwrap();
/// let app = App::new(Arc::new(table), Taken::default());
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let answer = app.answer(&Frame::default(), &Bytes::from_static(b"[1]")).await;
/// assert!(matches!(answer, Answer::Whole(reply) if reply == "[1]"));
/// # });
/// ```
#[derive(Debug)]
pub struct App {
    table: Arc<Table>,
    events: Option<&'static Events>,
    taken: Taken,
    warned_of_cookies: AtomicBool,
}

/// Which replies the deployment takes, where no delivery tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Function URLs and REST APIs take a response piece by piece.
    pub streams: bool,
    /// Kafka's event source mappings take a list of failures.
    pub kafka_partial: bool,
}

impl App {
    /// These functions, behind front ends that take such replies.
    pub fn new(table: Arc<Table>, taken: Taken) -> Self {
        Self { events: table.sources().map(|sources| &sources.aws), table, taken, warned_of_cookies: AtomicBool::new(false) }
    }

    pub(super) fn into_table(self) -> Arc<Table> {
        self.table
    }

    /// Handles a delivery, whatever it holds. The reason of every failure is logged.
    pub async fn answer(&self, frame: &Frame, delivery: &Bytes) -> Answer {
        let decode: Decode = match self.events {
            Some(events) => events.decode,
            None => decode_requests,
        };
        let decoded = match decode(delivery, frame) {
            Ok(decoded) => decoded,
            Err(refused) => return self.refuse(frame, &refused),
        };
        let shape = decoded.shape();
        if let (false, Some(events)) = (shape.is_http() || shape == Shape::Direct, self.events) {
            return (events.answer)(&self.table, frame, decoded, self.taken).await;
        }
        let Some(event) = decoded.into_events().into_iter().next() else {
            return Answer::Whole(Bytes::from_static(b"null"));
        };
        let traceparent = event.http().and_then(|http| http.headers.text("traceparent"));
        let invocation = frame.invocation(traceparent);
        let outcome = self.table.invoke(event, invocation).await;
        if shape.is_http() { self.http(shape, response(outcome)).await } else { direct(outcome).await }
    }

    fn refuse(&self, frame: &Frame, Refused { shape, error }: &Refused) -> Answer {
        tracing::error!(invocation = frame.request_id(), "the delivery was refused: {error}");
        if !shape.is_http() {
            return Failure::new("BadInput", error.to_string()).into();
        }
        let (parts, body) = encode::refusal(error);
        self.whole(*shape, parts, body)
    }

    async fn http(&self, shape: Shape, response: Response<Body>) -> Answer {
        // A front end that was told to stream reads every reply as a streamed one.
        if self.taken.streams && shape.can_stream() {
            return Answer::Stream(response);
        }
        let (parts, body) = collected(response).await;
        self.whole(shape, parts, body)
    }

    fn whole(&self, shape: Shape, parts: Parts, body: Bytes) -> Answer {
        if self.taken.streams && shape.can_stream() {
            return Answer::Stream(Response::from_parts(parts, Body::from(body)));
        }
        if encode::loses_cookies(shape, &parts) && !self.warned_of_cookies.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "of several `set-cookie` headers only the last reaches the caller; behind a load balancer, switch on \
                 lambda.multi_value_headers.enabled in the target group"
            );
        }
        Answer::Whole(encode::http(shape, &parts, &body))
    }
}

/// A direct call's caller waits for a value, so a failure of any kind is an error to it.
async fn direct(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Done(Reply::Direct(json)) if !json.is_empty() => Answer::Whole(json),
        Outcome::Done(Reply::Direct(_) | Reply::Empty | Reply::Each(_)) => Answer::Whole(Bytes::from_static(b"null")),
        Outcome::Done(Reply::Http(response)) => {
            let (parts, body) = collected(response).await;
            Answer::Whole(encode::http(Shape::HttpApi2, &parts, &body))
        }
        Outcome::Retry(failure) | Outcome::Drop(failure) => failure.into(),
    }
}

/// The response with its whole body; a 500 if the body could not be made.
async fn collected(response: Response<Body>) -> (Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let outcome = match unwind::caught(body.collect()).await {
        Ok(Ok(bytes)) => return (parts, bytes),
        Ok(Err(error)) => Outcome::Retry(Failure::new("StreamError", error.to_string())),
        Err(panic) => Outcome::from_panic(&*panic),
    };
    if let Outcome::Retry(failure) = &outcome {
        tracing::error!("the response ended early: {failure}");
    }
    let (parts, body) = crate::function::response(outcome).into_parts();
    let bytes = body.bytes().cloned().unwrap_or_default();
    (parts, bytes)
}
