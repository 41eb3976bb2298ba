use std::{future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;

use super::{Answer, Taken};
use crate::{
    aws::{
        Frame, Receipt, Shape,
        decode::{Decoded, Refused, decode},
        encode,
    },
    function::Table,
};

/// What the loop does with deliveries of events, if some function takes any.
#[derive(Debug)]
pub(crate) struct Events {
    pub(super) decode: Decode,
    pub(super) answer: for<'a> fn(&'a Arc<Table>, &'a Frame, Decoded, Taken) -> Answering<'a>,
}

/// The answer, once the events are handled.
type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

pub(super) type Decode = fn(&Bytes, &Frame) -> Result<Decoded, Refused>;

/// With the decoders of all of Lambda's sources.
pub(crate) const EVENTS: Events =
    Events { decode, answer: |table, frame, decoded, taken| Box::pin(answer(table, frame, decoded, taken)) };

async fn answer(table: &Arc<Table>, frame: &Frame, decoded: Decoded, taken: Taken) -> Answer {
    if decoded.tests() > 0 {
        tracing::info!(invocation = frame.request_id(), "S3's test of a notification came in, and is done with");
    }
    let shape = decoded.shape();
    let (events, receipts) = decoded.into_parts();
    let groups: Vec<_> = receipts.iter().map(Receipt::group).collect();
    let outcomes = table.invoke_all(events, frame.invocation(None), shape.order(&groups)).await;
    let reply = match shape {
        Shape::Kafka if taken.kafka_partial => encode::kafka(&receipts, &outcomes),
        _ => encode::events(shape, &receipts, &outcomes),
    };
    match reply {
        Ok(reply) => Answer::Whole(reply),
        Err(failure) => Answer::Error { name: failure.name().to_owned(), message: failure.message().to_owned() },
    }
}
