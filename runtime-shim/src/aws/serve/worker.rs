use std::{cell::Cell, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Response, response::Parts};

use super::{Taken, answer::Answer, client::Client, encode, events::Decode};
use crate::{
    Body, Failure, Outcome, Reply,
    aws::{
        Frame, Shape,
        decode::{Refused, decode_requests},
    },
    function::{Table, response, unwind},
};

/// What every loop over the Runtime API does with a delivery.
pub(super) struct Worker {
    table: Arc<Table>,
    taken: Taken,
    warned_of_cookies: Cell<bool>,
}

/// How long to wait after a failed `/next`: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

impl Worker {
    pub(super) fn new(table: Table, taken: Taken) -> Self {
        Self { table: Arc::new(table), taken, warned_of_cookies: Cell::new(false) }
    }

    pub(super) fn into_table(self) -> Arc<Table> {
        self.table
    }

    /// Takes delivery after delivery; nothing that one holds ends it.
    pub(super) async fn run(&self, mut client: Client) {
        let mut pause = PAUSE.0;
        loop {
            match client.next().await {
                Ok(Some((parts, delivery))) => {
                    if self.deliver(&mut client, &parts, delivery).await {
                        pause = PAUSE.0;
                        continue;
                    }
                    tracing::error!("a delivery without a request id cannot be answered");
                }
                Ok(None) => {}
                Err(error) => tracing::error!("Lambda gave no delivery: {error}"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// Handles one delivery and answers it. `false` if it has no id to answer to.
    async fn deliver(&self, client: &mut Client, parts: &Parts, delivery: Bytes) -> bool {
        let frame = Frame::from_headers(&parts.headers);
        if frame.request_id().is_empty() {
            return false;
        }
        let answer = self.handle(&frame, &delivery).await;
        client.answer(&frame, answer).await;
        true
    }

    async fn handle(&self, frame: &Frame, delivery: &Bytes) -> Answer {
        let events = self.table.sources().map(|sources| &sources.aws);
        let decode: Decode = match events {
            Some(events) => events.decode,
            None => decode_requests,
        };
        let decoded = match decode(delivery, frame) {
            Ok(decoded) => decoded,
            Err(refused) => return self.refuse(frame, &refused),
        };
        let shape = decoded.shape();
        if let (false, Some(events)) = (shape.is_http() || shape == Shape::Direct, events) {
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
        if encode::loses_cookies(shape, &parts) && !self.warned_of_cookies.replace(true) {
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
