//! Shows what reaches a function: every event as the common event in JSON.
//!
//! HTTP requests and direct calls are answered with it. Of the other triggers it is appended, a line for each event, to the
//! file that `INSPECT_OUT` names, or printed if it names none.

use std::{env, fs::OpenOptions, io::Write};

use polyfn::{Error, Event, Json, function};
use serde::de::IgnoredAny;

/// Answers any HTTP request with the common event.
#[function(http)]
async fn http(event: Event) -> Json<Event> {
    Json(event)
}

/// Answers a direct call with the common event.
#[function]
async fn direct(_: IgnoredAny, event: Event) -> Json<Event> {
    Json(event)
}

/// Writes down a message of any queue.
#[function(queue = "*")]
fn queue(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down a message of any topic.
#[function(topic = "*")]
fn topic(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down a change of any stored object.
#[function(object = "*")]
fn object(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down a tick.
#[function(schedule = "* * * * *")]
fn schedule(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down a change of any database record.
#[function(change = "*")]
fn change(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down a record of any stream.
#[function(stream = "*")]
fn stream(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Writes down any other event.
#[function(event = "*")]
fn event(event: Event) -> Result<(), Error> {
    write_down(&event)
}

/// Appends a line in one write, so that lines of several events do not mix.
fn write_down(event: &Event) -> Result<(), Error> {
    let line = format!("{}\n", serde_json::to_string(event)?);
    match env::var_os("INSPECT_OUT") {
        Some(file) => OpenOptions::new().append(true).create(true).open(file)?.write_all(line.as_bytes())?,
        None => print!("{line}"),
    }
    Ok(())
}

polyfn::main!(http, direct, queue, topic, object, schedule, change, stream, event);

#[cfg(test)]
mod tests;
