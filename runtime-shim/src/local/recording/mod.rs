//! Recordings of deliveries: files that people read, commit and run again.
//!
//! A recording holds one delivery as it came, the common events it became, what became of those, and the native reply.
//! Secrets are redacted in what is written; [`Recording::to_json`] says which.

mod body;
mod delivery;
mod ended;
mod error;
mod files;
mod pretty;
mod read;
mod redact;
mod reply;
mod write;

use std::time::Duration;

pub use self::{delivery::Delivery, ended::Ended, error::RecordingError, reply::Reply};
use crate::{Event, Provider, event::Time};

/// The version of the file format that this build writes and reads.
pub const FORMAT: u32 = 1;

/// One delivery, with all that became of it.
///
/// ```
/// use std::time::Duration;
///
/// use polyfn_shim::{Event, Provider, Trigger, event::{Queue, Time}, local::recording::{Delivery, Ended, Recording, Reply}};
///
/// let queue = Queue { name: Some("orders".into()), ..Queue::default() };
/// let recording = Recording {
///     at: Time::from_seconds(0).unwrap(),
///     duration: Duration::from_micros(1_500),
///     provider: Provider::Local,
///     form: "local".into(),
///     function: "fulfil".into(),
///     delivery: Delivery { body: r#"{"password":"hunter2"}"#.into(), ..Delivery::default() },
///     events: vec![Event::new(Provider::Local, Trigger::Queue(queue)).with_data("hi", None)],
///     outcomes: vec![Ended::Done],
///     reply: Reply::default(),
/// };
/// assert_eq!(recording.file_name(1), "0001-queue-fulfil.json");
/// let json = recording.to_json();
/// assert!(json.contains(r#""password": "[redacted]""#));
/// assert_eq!(Recording::from_json(&json).unwrap().events, recording.events);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// When the delivery came.
    pub at: Time,
    /// How long it took until the reply was ready; a file keeps whole microseconds of it.
    pub duration: Duration,
    /// Whose form the delivery is in.
    pub provider: Provider,
    /// Which of the provider's forms: `sqs`, `json`, `wrapped-push`, `binary`, `local`.
    pub form: String,
    /// The function that was called; empty if none was.
    pub function: String,
    /// What the host sent.
    pub delivery: Delivery,
    /// The common events it became. The file does not keep their [`raw`](Event::raw), which is the delivery's body.
    pub events: Vec<Event>,
    /// What became of each event, in the order of the events.
    pub outcomes: Vec<Ended>,
    /// What the host got.
    pub reply: Reply,
}
