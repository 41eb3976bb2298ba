//! `cargo polyfn send`: one event to the running program.

mod change;
mod event;
mod message;
mod object;
mod tick;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use polyfn_shim::{Event, Provider, Trigger};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    client::{Address, Answer, Client},
    failure::Failure,
    form::As,
    report::Detail,
    terminal::{Paint, print},
};

/// Send an event to the running program, and print what came of it
///
/// Without `--as` a message of a queue, topic or stream is queued, as in the cloud: its function runs soon, and again if it
/// fails. Everything else, and every event with `--as`, is delivered at once. The exit code is 0 if the event is queued or
/// done with, 1 if it is not.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn send queue orders '{\"sku\":\"a-1\"}'
  cargo polyfn send topic news 'hello' --attribute lang=en --as gcp/wrapped-push
  cargo polyfn send object uploads cat.png --file cat.png
  cargo polyfn send tick nightly --as azure")]
pub(crate) struct Send {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    how: How,
}

#[derive(Subcommand, Debug)]
enum What {
    /// A message of a queue
    Queue(message::Message),
    /// A message of a topic
    Topic(message::Message),
    /// A record of a stream
    Stream(message::Message),
    Object(object::Object),
    Tick(tick::Tick),
    Change(change::Change),
    Event(event::Custom),
}

#[derive(Args, Debug)]
pub(crate) struct How {
    /// Deliver it at once, as this provider does, or in one of its forms
    #[arg(long = "as", value_name = "PROVIDER[/FORM]", global = true)]
    form: Option<As>,
    /// Print the shim's answer as one line of JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    address: Address,
}

/// What `POST /_polyfn/api/send` takes.
#[derive(Serialize)]
struct Body<'a> {
    event: &'a RawValue,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    form: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a str>,
}

/// What comes back of a message that waits in a queue.
#[derive(Deserialize)]
struct Queued {
    queued: Vec<String>,
}

impl Send {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let (event, function) = match &self.what {
            What::Queue(message) => (message.queue()?, None),
            What::Topic(message) => (message.topic()?, None),
            What::Stream(message) => (message.stream()?, None),
            What::Object(object) => (object.event()?, None),
            What::Tick(tick) => (tick.event(), Some(tick.function.as_str())),
            What::Change(change) => (change.event(), None),
            What::Event(custom) => (custom.event()?, None),
        };
        let (client, answer) = self.how.send(&event, function).await?;
        if self.how.json {
            print(answer.line());
        }
        if answer.status.as_u16() == 202 {
            let Queued { queued } = client.read(&answer)?;
            if !self.how.json {
                print(format_args!("queued as {}\n", queued.join(", ")));
            }
            return Ok(ExitCode::SUCCESS);
        }
        let detail: Detail = client.read(&answer)?;
        if !self.how.json {
            print(detail.text(Paint::stdout()));
        }
        Ok(if detail.is_done() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl How {
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    pub(crate) async fn send(&self, event: &Event, function: Option<&str>) -> Result<(Client, Answer), Failure> {
        let client = self.address.client().await?;
        let answer = send(client, event, self.form.as_ref().map(As::as_str), function).await?;
        Ok((client, answer))
    }
}

/// Has the shim deliver an event, or queue it.
pub(crate) async fn send(client: Client, event: &Event, form: Option<&str>, function: Option<&str>) -> Result<Answer, Failure> {
    let body = serde_json::to_string(event).and_then(RawValue::from_string);
    let body = body.and_then(|event| serde_json::to_string(&Body { event: &event, form, function }));
    client.post("send", body.map_err(|error| Failure::new(error.to_string()))?).await
}

/// An event of this machine, which knows no more than its trigger yet.
fn local(trigger: Trigger) -> Event {
    Event::new(Provider::Local, trigger)
}
