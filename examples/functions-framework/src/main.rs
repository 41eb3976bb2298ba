//! The functions that Google's conformance client for the Functions Framework calls.
//!
//! Each of them writes what it was called with to `function_output.json` in the working directory, where the client looks before
//! it sends the next request. The client is a Go program of its own:
//!
//! ```sh
//! go install github.com/GoogleCloudPlatform/functions-framework-conformance/client@latest
//! cargo build --release -p functions-framework
//! check() { FUNCTION_TARGET=$1 ~/go/bin/client -buildpacks=false -cmd=target/release/functions-framework "${@:2}"; }
//!
//! check http -type=http
//! check typed -type=http -declarative-type=typed
//! check cloudevent -type=cloudevent -validate-mapping=true
//! check legacyevent -type=legacyevent -validate-mapping=true
//! check concurrent -type=http -validate-concurrency=true
//! check concurrent_event -type=cloudevent -validate-concurrency=true
//! ```
//!
//! `tests/conformance` plays the same client.

mod cloud_event;
mod output;

use std::time::Duration;

use polyfn::{Bytes, CloudEvent, Error, Event, Json, State, function, gcp::LegacyEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use self::output::Output;

/// Writes down the body of a request.
#[function(http)]
fn http(output: State<Output>, body: Bytes) -> Result<(), Error> {
    output.write(&body)
}

/// What `typed` is called with.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Call {
    message: String,
}

/// What `typed` answers.
#[derive(Debug, PartialEq, Serialize)]
struct Answer {
    payload: Call,
}

/// Answers with what it was called with.
#[function]
fn typed(call: Call) -> Answer {
    Answer { payload: call }
}

/// Writes down an event of any type, as a CloudEvent in its JSON format.
#[function(event = "*")]
fn cloudevent(event: CloudEvent<Json<Box<RawValue>>>, output: State<Output>) -> Result<(), Error> {
    output.write(&cloud_event::to_json(&event)?)
}

/// Writes down an event of any type in the form of first-generation functions.
#[function(event = "*")]
fn legacyevent(event: LegacyEvent, output: State<Output>) -> Result<(), Error> {
    output.write(&serde_json::to_vec(&event)?)
}

/// How long the client wants a function to take, so that it can tell one request from ten.
const A_WHILE: Duration = Duration::from_secs(1);

/// Answers after a while, and any number of requests at once.
#[function(http)]
async fn concurrent() {
    tokio::time::sleep(A_WHILE).await;
}

/// The same for events.
#[function(event = "*")]
async fn concurrent_event(_: Event) {
    tokio::time::sleep(A_WHILE).await;
}

/// The client looks into its own working directory, which is the program's too.
fn output() -> Output {
    Output::new("function_output.json")
}

polyfn::main!(http, typed, cloudevent, legacyevent, concurrent, concurrent_event; init = output);

#[cfg(test)]
mod tests;
