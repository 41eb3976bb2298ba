//! Native bytes to events: pure, and one pass over the bytes.

mod alb;
mod body;
mod context;
mod delivery;
mod headers;
mod http;
mod http_api;
mod lattice;
mod leaf;
mod pairs;
mod path;
mod predicates;
mod query;
mod records;
mod rest;
mod websocket;

use bytes::Bytes;

use self::{delivery::Delivery, predicates::Kind};
use super::{Frame, Shape};
use crate::{DecodeError, Event, Provider, Trigger};

/// A delivery that was read: how its reply must look, and the events in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    shape: Shape,
    events: Vec<Event>,
}

impl Decoded {
    /// What it looks like.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Its events, in the order of the delivery.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Its events, to be handled.
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }
}

/// A delivery that was not accepted, and how its caller wants to hear it.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) shape: Shape,
    pub(super) error: DecodeError,
}

pub(super) fn decode(bytes: &Bytes, frame: &Frame) -> Result<Decoded, Refused> {
    let delivery = Delivery::read(bytes).map_err(|error| Refused { shape: Shape::Direct, error: DecodeError::json(error) })?;
    match predicates::kind(&delivery) {
        Kind::Http(shape) => {
            let event = request(bytes, &delivery, shape, frame).map_err(|error| Refused { shape, error })?;
            Ok(Decoded { shape, events: vec![event] })
        }
        Kind::Direct | Kind::Records | Kind::Kafka | Kind::DocumentDb | Kind::EventBridge => {
            Ok(Decoded { shape: Shape::Direct, events: vec![direct(bytes, frame)] })
        }
    }
}

fn request(bytes: &Bytes, delivery: &Delivery<'_>, shape: Shape, frame: &Frame) -> Result<Event, DecodeError> {
    let request = match shape {
        Shape::HttpApi2 | Shape::FunctionUrl => http_api::decode(bytes, delivery)?,
        Shape::AlbSingle | Shape::AlbMulti => alb::decode(bytes, delivery, shape)?,
        Shape::Lattice1 | Shape::Lattice2 => lattice::decode(bytes, delivery, shape)?,
        Shape::WebSocket => {
            let route = websocket::route(delivery);
            let event = websocket::decode(bytes, delivery, &route)?.event(bytes, delivery, frame)?;
            return Ok(websocket::with_attributes(event, delivery));
        }
        Shape::Rest | Shape::HttpApi1 | Shape::Direct => rest::decode(bytes, delivery)?,
    };
    request.event(bytes, delivery, frame)
}

fn direct(bytes: &Bytes, frame: &Frame) -> Event {
    Event::new(Provider::Aws, Trigger::Direct)
        .with_id(frame.request_id())
        .with_source(frame.function_arn())
        .with_data(bytes.clone(), Some("application/json"))
        .with_raw(bytes.clone())
}
