use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE, request::Parts};
use serde_json::value::RawValue;

use crate::{DecodeError, Event, cloudevents::Mode};

/// The events of a batch of which some cannot be read, and why those cannot; `None` of a delivery that is no batch, or cannot be
/// taken apart.
///
/// `decode` reads a request that holds one event.
pub(super) fn neighbours(
    parts: &Parts,
    body: &Bytes,
    decode: impl Fn(&Parts, &Bytes) -> Result<Vec<Event>, DecodeError>,
) -> Option<(Vec<Event>, Vec<DecodeError>)> {
    let elements: Vec<&RawValue> = is_batch(parts).then(|| serde_json::from_slice(body).ok())??;
    let mut alone = parts.clone();
    alone.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/cloudevents+json"));
    let (mut events, mut errors) = (Vec::new(), Vec::new());
    for (index, element) in elements.into_iter().enumerate() {
        match decode(&alone, &body.slice_ref(element.get().as_bytes())) {
            // What came in is the whole delivery.
            Ok(read) => events.extend(read.into_iter().map(|event| event.with_raw(body.clone()))),
            Err(error) => errors.push(error.under(&format!("[{index}]"))),
        }
    }
    Some((events, errors))
}

/// Whether a delivery says that it is a batch.
pub(super) fn is_batch(parts: &Parts) -> bool {
    matches!(Mode::of(&parts.headers), Ok(Some(Mode::Batch)))
}
