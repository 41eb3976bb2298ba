//! Native bytes to events: pure, and one pass over the bytes.

mod alb;
mod arn;
mod body;
mod context;
mod decimal;
mod delivery;
mod documentdb;
mod dynamodb;
mod eventbridge;
mod extended;
mod headers;
mod http;
mod http_api;
mod inner;
mod kafka;
mod kinesis;
mod lattice;
mod leaf;
mod members;
mod pairs;
mod path;
mod place;
mod predicates;
mod query;
mod reader;
mod records;
mod rest;
mod s3;
mod sns;
mod source;
mod sqs;
mod typed;
mod unread;
mod value;
mod websocket;

use bytes::Bytes;

use self::{
    body::Body,
    delivery::Delivery,
    predicates::Kind,
    source::{AllSources, Read, Sources},
    unread::NoSources,
};
use super::{Frame, Receipt, Shape};
use crate::{DecodeError, Event, Provider, Trigger};

/// A delivery that was read: how its reply must look, and the events in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    shape: Shape,
    events: Vec<Event>,
    receipts: Vec<Receipt>,
    tests: usize,
}

impl Decoded {
    fn new(shape: Shape) -> Self {
        Self { shape, events: Vec::new(), receipts: Vec::new(), tests: 0 }
    }

    fn reserve(&mut self, events: usize) {
        self.events.reserve(events);
        self.receipts.reserve(events);
    }

    fn push(&mut self, event: Event, receipt: Receipt) {
        self.events.push(event);
        self.receipts.push(receipt);
    }

    /// What it looks like.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Its events, in the order of the delivery.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the reply calls the record of each event, in the same order.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// How many records hold no event because they are `s3:TestEvent`, which S3 sends once when its notifications are
    /// switched on. They are done with: one that is refused comes back until it expires.
    pub fn tests(&self) -> usize {
        self.tests
    }

    /// Its events, to be handled.
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }

    /// Its events, to be handled, and their receipts.
    pub fn into_parts(self) -> (Vec<Event>, Vec<Receipt>) {
        (self.events, self.receipts)
    }
}

/// A delivery that was not accepted, and how its caller wants to hear it.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) shape: Shape,
    pub(super) error: DecodeError,
}

pub(super) fn decode(bytes: &Bytes, frame: &Frame) -> Result<Decoded, Refused> {
    decode_of::<AllSources>(bytes, frame)
}

/// The same without the decoders of events, which are refused: for a program in which nothing would take them.
pub(super) fn decode_requests(bytes: &Bytes, frame: &Frame) -> Result<Decoded, Refused> {
    decode_of::<NoSources>(bytes, frame)
}

fn decode_of<S: Sources>(bytes: &Bytes, frame: &Frame) -> Result<Decoded, Refused> {
    let refused = |error| Refused { shape: Shape::Direct, error };
    // JSON is UTF-8: to look once, at all of it, is the quickest way.
    let text = std::str::from_utf8(bytes).map_err(|_| refused(DecodeError::at("", "not UTF-8")))?;
    let (mut delivery, records) =
        Delivery::read::<S::Records<'_>>(text).map_err(|malformed| refused(value::error(text, malformed)))?;
    match predicates::kind(&delivery) {
        Kind::Http(shape) => {
            let body = std::mem::take(&mut delivery.body);
            let event = request(bytes, &delivery, body, shape, frame).map_err(|error| Refused { shape, error })?;
            let mut decoded = Decoded::new(shape);
            decoded.push(event, Receipt::default());
            Ok(decoded)
        }
        Kind::Direct => {
            let mut decoded = Decoded::new(Shape::Direct);
            decoded.push(direct(bytes, frame), Receipt::default());
            Ok(decoded)
        }
        // Whoever sent events waits for no response of ours.
        kind => records.decode(kind, bytes, text).map_err(refused),
    }
}

fn request(bytes: &Bytes, delivery: &Delivery<'_>, body: Body<'_>, shape: Shape, frame: &Frame) -> Result<Event, DecodeError> {
    let request = match shape {
        Shape::HttpApi2 | Shape::FunctionUrl => http_api::decode(bytes, delivery)?,
        Shape::AlbSingle | Shape::AlbMulti => alb::decode(bytes, delivery, shape)?,
        Shape::Lattice1 | Shape::Lattice2 => lattice::decode(bytes, delivery, shape)?,
        Shape::WebSocket => {
            let route = websocket::route(delivery);
            let event = websocket::decode(bytes, delivery, &route)?.event(bytes, delivery, body, frame)?;
            return Ok(websocket::with_attributes(event, delivery));
        }
        _ => rest::decode(bytes, delivery)?,
    };
    request.event(bytes, delivery, body, frame)
}

fn direct(bytes: &Bytes, frame: &Frame) -> Event {
    Event::new(Provider::Aws, Trigger::Direct)
        .with_id(frame.request_id())
        .with_source(frame.function_arn())
        .with_data(bytes.clone(), Some("application/json"))
        .with_raw(bytes.clone())
}
