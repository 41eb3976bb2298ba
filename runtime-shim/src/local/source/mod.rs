//! What sources of every provider share: events that wait, are delivered, and come again or are given up.

mod delays;
mod parcel;
mod queue;
mod running;
mod tally;

#[cfg(feature = "aws")]
pub(super) use self::running::Running;
pub use self::{delays::Delays, tally::Tally};
pub(super) use self::{
    parcel::{Delivered, Parcel, Verdict},
    queue::Queue,
    running::OnItsWay,
};
