//! Recordings: what is written is read back, secrets are in none, and what is left can still be replayed.
#![cfg(all(feature = "aws", feature = "azure", feature = "container", feature = "gcp", feature = "local"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod files;
mod planted;
mod redaction;

use std::time::Duration;

use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Queue, Time},
    local::recording::{Delivery, Ended, Recording, Reply},
};

/// A recording of a message of a queue.
pub(crate) fn recording() -> Recording {
    let queue = Queue { name: Some("orders".into()), ..Queue::default() };
    Recording {
        at: Time::parse("2024-05-01T10:00:00.250Z").unwrap(),
        duration: Duration::from_micros(1_234),
        provider: Provider::Azure,
        form: "json".into(),
        function: "fulfil".into(),
        delivery: Delivery { path: "/fulfil".into(), ..Delivery::default() },
        events: vec![Event::new(Provider::Azure, Trigger::Queue(queue)).with_id("7").with_data("hi", None)],
        outcomes: vec![Ended::Done],
        reply: Reply::default(),
    }
}
