//! Requests and events as the tests write them.

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    DecodeError, Event,
    azure::{Bindings, Declaration, Mode, decode},
    event::Kind,
};
use serde_json::Value;

/// The mode that a fixture's name tells.
pub(crate) fn mode(name: &str) -> Mode {
    match name.split('-').next() {
        Some("forward") => Mode::Forward,
        Some("proxy") => Mode::Proxy,
        _ => Mode::Json,
    }
}

/// A function with an `httpTrigger` named `req`.
pub(crate) fn function(name: &str, kind: Kind, route: Option<&str>) -> Declaration {
    let route = route.map(|route| format!(r#","route":"{route}""#)).unwrap_or_default();
    let bindings = format!(
        r#"[{{"type":"httpTrigger","direction":"in","name":"req"{route}}},{{"type":"http","direction":"out","name":"res"}}]"#
    );
    Declaration::new(name, kind, Bindings::read(bindings.as_bytes()).unwrap())
}

/// Decodes a JSON-mode body for the function `F` with invocation id `i1`.
pub(crate) fn json(body: impl Into<Bytes>) -> Result<Event, DecodeError> {
    let (parts, ()) = Request::post("/F").header("X-Azure-Functions-InvocationId", "i1").body(()).unwrap().into_parts();
    let mut events = decode(&parts, &body.into(), &function("F", Kind::Http, None), Mode::Json, "api")?;
    assert_eq!(events.len(), 1);
    Ok(events.remove(0))
}

/// Decodes a raw request in proxying mode for a function with this route.
pub(crate) fn raw(request: Request<Bytes>, route: Option<&str>) -> Event {
    let (parts, body) = request.into_parts();
    decode(&parts, &body, &function("F", Kind::Http, route), Mode::Proxy, "api").unwrap().remove(0)
}

/// An envelope around the members of the caller's request.
pub(crate) fn envelope(members: &str) -> String {
    format!(r#"{{"Data":{{"req":{{{members}}}}},"Metadata":{{"sys":{{}}}}}}"#)
}

/// Where `found` differs from what is `wanted`, if it does: objects are subsets, everything else is equal.
pub(crate) fn difference(wanted: &Value, found: &Value, path: &str) -> Option<String> {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().find_map(|(name, wanted)| match found.get(name) {
            Some(found) => difference(wanted, found, &format!("{path}.{name}")),
            None => Some(format!("{path}.{name}: missing")),
        }),
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => wanted
            .iter()
            .zip(found)
            .enumerate()
            .find_map(|(at, (wanted, found))| difference(wanted, found, &format!("{path}[{at}]"))),
        _ if wanted == found => None,
        _ => Some(format!("{path}: wanted {wanted}, found {found}")),
    }
}

/// The events in the JSON form.
pub(crate) fn printed(events: &[Event]) -> Value {
    serde_json::from_slice(&serde_json::to_vec(events).unwrap()).unwrap()
}
