use std::time::Duration;

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
    #[cfg(feature = "gcp")]
    pub(in crate::local) answers: u32,
    #[cfg(feature = "gcp")]
    pub(in crate::local) last_status: Option<http::StatusCode>,
    pub(super) group: Option<String>,
    pub(super) since: Instant,
}

/// What a source makes of a delivery.
#[derive(Debug)]
pub(in crate::local) enum Verdict {
    /// All are done with.
    Done,
    /// It comes again, no sooner than this; `None` if it is given up at once.
    Failed {
        again: Option<Duration>,
        /// Until then nothing else is delivered either.
        holds: bool,
    },
    /// It cannot be delivered at all.
    Impossible(DecodeError),
}

impl Verdict {
    /// It comes again as soon as its source does that.
    pub(in crate::local) const AGAIN: Self = Self::Failed { again: Some(Duration::ZERO), holds: false };
}

/// A delivery on its way: its parcel comes back with what to make of it.
pub(in crate::local) type Delivered<'a> = OnItsWay<'a, (Parcel, Verdict)>;
