//! What sources of every provider share: events that wait, are delivered, and come again or are given up.

mod delays;
mod parcel;
mod queue;
mod running;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
mod setters;
mod tally;

#[cfg(feature = "aws")]
pub(super) use self::running::Running;
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
pub(super) use self::setters::setter;
pub use self::{delays::Delays, tally::Tally};
pub(super) use self::{
    parcel::{Delivered, Parcel, Verdict},
    queue::Queue,
    running::OnItsWay,
};

/// How long a reply asks to be left alone. A date would need a clock that tests cannot set.
#[cfg(any(feature = "container", feature = "gcp"))]
pub(super) fn retry_after(reply: &http::Response<bytes::Bytes>) -> Option<std::time::Duration> {
    let seconds = reply.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(std::time::Duration::from_secs(seconds))
}
