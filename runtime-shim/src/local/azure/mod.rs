//! What the Functions host would send a custom handler for an event, with all that it loses on the way.

mod events;
mod forward;
pub mod host;
mod json;
mod leaks;
mod proxy;
mod query;
mod reply;
pub mod source;

use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, request::Builder};

use crate::{
    Event,
    azure::{Declaration, Mode, TriggerType},
};

pub use self::reply::{Output, logs, outputs, response, settled};

/// The version of the host that this speaks for.
pub const HOST_VERSION: &str = "4.1037.0.0";

/// The request that the host sends for an event of `function`.
///
/// For HTTP the caller's request is the event's method, headers and data, at its path with the route prefix in front; the
/// event's id is the invocation's. Anything else is as [`batch`] has it. A `transfer-encoding: chunked` header makes it a chunked upload.
///
/// What each form loses:
/// - JSON: the order of headers of different names; a chunked body; the bytes of a body that is neither text, nor
///   `application/octet-stream`, nor multipart.
/// - Forwarding: the same order; all content headers but two; the order and repetition of query keys; a chunked body is
///   refused.
/// - Proxying: the same order only.
///
/// # Errors
/// What the host would not send at all.
pub fn delivery(event: &Event, function: &Declaration, mode: Mode, route_prefix: &str) -> Result<Request<Bytes>, Refused> {
    if function.bindings().trigger_type() != TriggerType::Http {
        return batch(std::slice::from_ref(event), function);
    } else if event.http().is_none() {
        return Err(Refused("an httpTrigger sends HTTP requests".to_owned()));
    }
    let caller = Caller::of(event, route_prefix);
    match mode {
        Mode::Json => json::delivery(&caller, function),
        Mode::Forward => forward::delivery(&caller),
        Mode::Proxy => proxy::delivery(&caller),
    }
}

/// The request that the host sends for messages, ticks and changes: for one event, or for many where the binding of
/// `function` takes many. The first event's id is the invocation's.
///
/// What it loses: the fraction of a second of a single message's time; facts that a text writes over; bytes that are no
/// text, unless declared binary.
///
/// # Errors
/// What the host would not send at all.
pub fn batch(events: &[Event], function: &Declaration) -> Result<Request<Bytes>, Refused> {
    events::delivery(events, function, None)
}

/// Why the host sends nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// The caller's request, as the host received it.
struct Caller<'a> {
    id: &'a str,
    method: Method,
    scheme: &'a str,
    host: &'a str,
    raw_path: String,
    /// Without the route prefix.
    path: &'a str,
    query: Option<&'a str>,
    /// Grouped by name, as the host keeps them.
    headers: Vec<(&'a str, Vec<&'a HeaderValue>)>,
    body: Bytes,
}

impl<'a> Caller<'a> {
    fn of(event: &'a Event, route_prefix: &str) -> Self {
        let mut caller = Self {
            id: event.id(),
            method: Method::GET,
            scheme: "https",
            host: "localhost",
            raw_path: String::new(),
            path: "/",
            query: None,
            headers: Vec::new(),
            body: event.data().cloned().unwrap_or_default(),
        };
        let Some(http) = event.http() else { return caller };
        let prefix = route_prefix.trim_matches('/');
        caller.method = http.method.clone();
        caller.path = &http.path;
        caller.raw_path = if prefix.is_empty() { http.path.clone() } else { format!("/{prefix}{}", http.path) };
        caller.query = http.query.as_deref();
        for (name, value) in http.headers.iter() {
            match caller.headers.iter_mut().find(|(have, _)| *have == name.as_str()) {
                Some((_, values)) => values.push(value),
                None => caller.headers.push((name.as_str(), vec![value])),
            }
        }
        if let Some(scheme) = &http.scheme {
            caller.scheme = scheme;
        }
        if let Some(host) = http.host.as_deref().or_else(|| http.headers.text("host")) {
            caller.host = host;
        }
        caller
    }

    fn is_chunked(&self) -> bool {
        let chunked = |value: &&HeaderValue| value.to_str().is_ok_and(|value| value.eq_ignore_ascii_case("chunked"));
        self.headers.iter().any(|(name, values)| *name == "transfer-encoding" && values.iter().any(chunked))
    }

    fn target(&self, path: &str, query: Option<&str>) -> Result<Uri, Refused> {
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        target.parse().map_err(|error| Refused(format!("`{path}` is no path: {error}")))
    }

    /// A request with every header of the caller that `keep` keeps.
    fn request(&self, target: Uri, keep: impl Fn(&str) -> bool) -> Builder {
        let mut builder = Request::builder().method(self.method.clone()).uri(target);
        for (name, values) in self.headers.iter().filter(|(name, _)| keep(name)) {
            for value in values {
                builder = builder.header(*name, *value);
            }
        }
        builder
    }
}

fn finish(builder: Builder, body: Bytes) -> Result<Request<Bytes>, Refused> {
    builder.body(body).map_err(|error| Refused(error.to_string()))
}
