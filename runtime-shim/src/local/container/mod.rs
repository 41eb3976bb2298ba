//! What a source of CloudEvents sends to a container: the way back of `container::decode`.

use crate::{DecodeError, Event, cloudevents::CloudEvent};

/// The CloudEvent that says all that the event does; a request and a call are none.
///
/// An attribute must have a name that CloudEvents allow, and a change's three values must be JSON.
///
/// # Errors
/// A request or a call.
pub fn cloud_event(event: &Event) -> Result<CloudEvent, DecodeError> {
    event.try_into()
}
