//! What records have in common: members that must be there, and texts as owned values.

use std::borrow::Cow;

use bytes::Bytes;

use super::leaf::Leaf;
use crate::{DecodeError, event::Time};

/// The text of a member that must be there. `place` is made on failure only.
pub(super) fn required<'l>(leaf: &'l Leaf<'_>, place: impl Fn() -> String) -> Result<&'l str, DecodeError> {
    match leaf {
        Leaf::Text(text) if !text.is_empty() => Ok(text),
        Leaf::Text(_) => Err(DecodeError::at(place(), "empty")),
        Leaf::Absent => Err(DecodeError::at(place(), "missing")),
        _ => Err(DecodeError::at(place(), "not a string")),
    }
}

/// The text, if there is one.
pub(super) fn owned(leaf: &Leaf<'_>) -> Option<String> {
    leaf.text().map(str::to_owned)
}

/// The bytes of a text, a piece of `of` where it stands there as it is; none of anything else.
pub(super) fn piece(of: &Bytes, leaf: Leaf<'_>) -> Bytes {
    match leaf {
        Leaf::Text(Cow::Borrowed(text)) => of.slice_ref(text.as_bytes()),
        Leaf::Text(Cow::Owned(text)) => Bytes::from(text),
        _ => Bytes::new(),
    }
}

/// A text to be kept: a piece of `of` where it stands there.
pub(super) fn shared(of: &Bytes, text: &str) -> Bytes {
    let place = of.as_ptr_range();
    let is_piece = place.contains(&text.as_ptr()) && text.as_bytes().as_ptr_range().end <= place.end;
    if is_piece { of.slice_ref(text.as_bytes()) } else { Bytes::copy_from_slice(text.as_bytes()) }
}

/// A time as RFC 3339 text.
pub(super) fn time(leaf: &Leaf<'_>) -> Option<Time> {
    leaf.text().and_then(Time::parse)
}

/// A time as milliseconds since 1970, as a number or in quotes.
pub(super) fn millis(leaf: &Leaf<'_>) -> Option<Time> {
    leaf.whole().and_then(Time::from_millis)
}

/// Which delivery it is, from a count that starts at 1.
pub(super) fn attempt(leaf: &Leaf<'_>) -> u32 {
    leaf.whole().and_then(|count| u32::try_from(count).ok()).unwrap_or(1).max(1)
}
