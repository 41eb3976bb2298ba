use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use super::OnItsWay;
use crate::{DecodeError, Event};

/// Events that are delivered together until they are settled.
#[derive(Debug)]
pub(in crate::local) struct Parcel {
    pub(in crate::local) events: Vec<Event>,
    /// Which delivery it is, from 1 on.
    pub(in crate::local) attempt: u32,
    /// How many of the deliveries before were answered, and the status of the last.
    pub(in crate::local) answers: u32,
    pub(in crate::local) last_status: Option<StatusCode>,
    pub(super) group: Option<String>,
    pub(super) since: Instant,
}

/// What a source makes of a delivery.
#[derive(Debug)]
pub(in crate::local) enum Verdict {
    /// All are done with.
    Done,
    /// It comes again, no sooner than this.
    Again(Duration),
    /// The same, and until then nothing else is delivered.
    Pause(Duration),
    /// It is given up at once.
    Never,
    /// It cannot be delivered at all.
    Impossible(DecodeError),
}

/// A delivery on its way: its parcel comes back with what to make of it.
pub(in crate::local) type Delivered<'a> = OnItsWay<'a, (Parcel, Verdict)>;
