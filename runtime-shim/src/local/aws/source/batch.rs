use bytes::Bytes;
use http::{Method, Request};

use crate::{
    DecodeError, Event,
    aws::Shape,
    local::{
        Process, Settled,
        aws::{events, identifiers, settled},
    },
};

/// The most bytes of a delivery that Lambda is waited for with.
pub(super) const MOST: usize = 6_291_456;

/// Delivers as many of these events as one delivery holds, and says what became of each of those.
///
/// No answer at all is a failed invocation.
///
/// # Errors
/// An event that is too large to be delivered even alone.
pub(super) async fn delivered(process: &dyn Process, shape: Shape, batch: &[Event]) -> Result<Vec<Settled>, DecodeError> {
    let (batch, payload) = fitting(shape, batch)?;
    match process.deliver(invoke(payload)).await {
        Ok(reply) => Ok(settled(shape, &identifiers(shape, batch), &reply)),
        Err(_) => Ok(vec![Settled::Again; batch.len()]),
    }
}

/// The request of an `Invoke` with this payload.
pub(super) fn invoke(payload: Bytes) -> Request<Bytes> {
    let mut request = Request::new(payload);
    *request.method_mut() = Method::POST;
    request
}

/// The first events that are small enough together, with their delivery.
fn fitting(shape: Shape, mut batch: &[Event]) -> Result<(&[Event], Bytes), DecodeError> {
    loop {
        let payload = events(shape, batch);
        if payload.len() <= MOST {
            return Ok((batch, payload));
        }
        let half = batch.len() / 2;
        batch = match batch.get(..half).filter(|half| !half.is_empty()) {
            Some(half) => half,
            None => return Err(DecodeError::at("data", format!("{} bytes; Lambda takes {MOST}", payload.len()))),
        };
    }
}
