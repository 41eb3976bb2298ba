//! The Extensions API, as far as a program needs it to hear of its end.
//!
//! Source: [Lambda Extensions API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html).

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header::CONTENT_TYPE};
use http_body_util::Full;
use serde::Deserialize;
use serde_json::json;

use super::{rejected::Rejected, state::State};
use crate::{
    event::Time,
    local::aws::invoke::{Invoke, request_id},
};

const NAME: &str = "lambda-extension-name";
const IDENTIFIER: &str = "lambda-extension-identifier";

/// Those that have registered.
#[derive(Default)]
pub(super) struct Extensions(Vec<Extension>);

struct Extension {
    id: String,
    is_external: bool,
    is_told_of_invocations: bool,
    is_told_of_the_end: bool,
    /// Whether it has asked for its first event.
    is_ready: bool,
    events: VecDeque<Bytes>,
}

/// What there is to be told of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::local::aws) enum Told {
    /// No extension: the process is killed at once.
    Nobody,
    /// The program itself.
    Internal,
    /// A program beside it.
    External,
}

impl Told {
    /// How long the program has from SIGTERM to SIGKILL, and how long all of the end may take.
    ///
    /// Source: [Lambda execution environment, shutdown phase](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
    pub(in crate::local::aws) fn grace(self) -> (Duration, Duration) {
        let all = Duration::from_millis(match self {
            Self::Nobody => 0,
            Self::Internal => 500,
            Self::External => 2_000,
        });
        (all * 3 / 10, all)
    }
}

impl Extensions {
    pub(super) fn are_ready(&self) -> bool {
        self.0.iter().all(|extension| extension.is_ready)
    }

    pub(super) fn told(&self) -> Told {
        match self.0.iter().any(|extension| extension.is_external) {
            true => Told::External,
            false if self.0.is_empty() => Told::Nobody,
            false => Told::Internal,
        }
    }

    /// Tells of an invocation.
    pub(super) fn invoked(&mut self, invoke: &Invoke, deadline: Option<Time>) {
        let event = json!({
            "eventType": "INVOKE", "deadlineMs": deadline.map(Time::as_millis), "requestId": invoke.id,
            "invokedFunctionArn": invoke.arn, "tracing": {"type": "X-Amzn-Trace-Id", "value": invoke.trace},
        });
        self.tell(|extension| extension.is_told_of_invocations, &Bytes::from(event.to_string()));
    }

    /// Tells of the end.
    pub(super) fn ends(&mut self, reason: &str, within: Duration) {
        let deadline = Time::now().after(within).map(Time::as_millis);
        let event = json!({"eventType": "SHUTDOWN", "shutdownReason": reason, "deadlineMs": deadline});
        self.tell(|extension| extension.is_told_of_the_end, &Bytes::from(event.to_string()));
    }

    /// Whether every event has been fetched.
    pub(super) fn know_all(&self) -> bool {
        self.0.iter().all(|extension| extension.events.is_empty())
    }

    fn tell(&mut self, whom: impl Fn(&Extension) -> bool, event: &Bytes) {
        self.0.iter_mut().filter(|extension| whom(extension)).for_each(|extension| extension.events.push_back(event.clone()));
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Registration {
    events: Vec<String>,
}

/// `POST /extension/register`
pub(super) fn register(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<Response<Full<Bytes>>, Rejected> {
    let name = headers.get(NAME).and_then(|name| name.to_str().ok()).unwrap_or_default();
    if name.is_empty() {
        return Err(Rejected::extension("Extension.InvalidExtensionName", "Empty extension name"));
    }
    if !state.is_starting() {
        return Err(Rejected::extension("Extension.RegistrationClosed", "Extension registration closed already"));
    }
    let registration: Registration =
        serde_json::from_slice(body).map_err(|error| Rejected::extension("InvalidRequestFormat", error.to_string()))?;
    let is_external = state.configuration.extensions.iter().any(|external| external == name);
    for event in &registration.events {
        let why = match event.as_str() {
            "INVOKE" => continue,
            "SHUTDOWN" if is_external => continue,
            // What runs in the program's own process hears of the end by SIGTERM.
            "SHUTDOWN" => "ShutdownEventNotSupportedForInternalExtension",
            _ => "ErrorInvalidEventType",
        };
        return Err(Rejected::extension("Extension.InvalidEventType", format!("{event}: {why}")));
    }
    let id = request_id();
    let asks_for = |kind: &str| registration.events.iter().any(|event| event == kind);
    let extension = Extension {
        id: id.clone(),
        is_external,
        is_told_of_invocations: asks_for("INVOKE"),
        is_told_of_the_end: asks_for("SHUTDOWN"),
        is_ready: false,
        events: VecDeque::new(),
    };
    state.extensions(|extensions| extensions.0.push(extension));
    let body = json!({"functionName": state.configuration.name, "functionVersion": "$LATEST", "handler": "bootstrap"});
    let mut response = json_response(body.to_string().into());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(IDENTIFIER, id);
    }
    Ok(response)
}

/// `GET /extension/event/next`, for as long as it takes.
pub(super) async fn next(state: &Arc<State>, headers: &HeaderMap) -> Result<Response<Full<Bytes>>, Rejected> {
    let Some(id) = headers.get(IDENTIFIER).and_then(|id| id.to_str().ok()) else {
        let message = "Missing Lambda-Extension-Identifier header";
        return Err(Rejected::extension("Extension.MissingExtensionIdentifier", message));
    };
    let is_known = state.extensions(|extensions| {
        let extension = extensions.0.iter_mut().find(|extension| extension.id == id);
        extension.map(|extension| extension.is_ready = true).is_some()
    });
    if !is_known {
        return Err(Rejected::extension("Extension.UnknownExtensionIdentifier", format!("Unknown extension {id}")));
    }
    let event = state.until(|extensions| extensions.0.iter_mut().find(|extension| extension.id == id)?.events.pop_front());
    Ok(json_response(event.await))
}

fn json_response(body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_has_three_tenths_of_the_time_for_the_end() {
        let millis = |told: Told| (told.grace().0.as_millis(), told.grace().1.as_millis());
        assert_eq!([Told::Nobody, Told::Internal, Told::External].map(millis), [(0, 0), (150, 500), (600, 2_000)]);
    }
}
