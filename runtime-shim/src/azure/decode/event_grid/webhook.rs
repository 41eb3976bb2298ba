//! The events of a webhook's request.

use super::{all, one};
use crate::{DecodeError, Event, azure::Declaration};

/// The events in the body of a request: an array of either schema, or a single one.
pub(crate) fn webhook(request: &Event, function: &Declaration) -> Result<Vec<Event>, DecodeError> {
    let body = request.data().map(|data| &data[..]).unwrap_or_default();
    let text = std::str::from_utf8(body)
        .map_err(|error| DecodeError::at("body", format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
    let events =
        if text.trim_ascii_start().starts_with('[') { all(text, "body", function)? } else { vec![one(text, "body", function)?] };
    // Event Grid counts the deliveries before this one.
    let before = request.http().and_then(|http| http.headers.text("aeg-delivery-count")?.trim().parse::<u32>().ok());
    let attempt = before.and_then(|before| before.checked_add(1)).unwrap_or(1);
    Ok(events.into_iter().map(|event| event.with_attempt(attempt).with_raw(request.raw().clone())).collect())
}
