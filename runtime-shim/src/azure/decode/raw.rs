//! Forwarding and proxying: the caller's request itself.
//!
//! Its headers decide nothing but the id: a caller can send any of them.

use bytes::Bytes;
use http::{HeaderMap, header::HOST, request::Parts};

use super::invocation_id;
use crate::{
    DecodeError, Event, Provider, Trigger,
    azure::{Declaration, prefix},
    event::{Headers, Http, Kind},
};

/// The request with the parameters of the function's declared route: the host sends none in these modes.
pub(super) fn declared(request: &Parts, body: &Bytes, function: &Declaration, route_prefix: &str) -> Result<Event, DecodeError> {
    let mut event = raw(request, body, route_prefix);
    if let Trigger::Http(http) = event.trigger_mut() {
        http.params = function.params(&http.path)?;
    }
    Ok(if function.kind() == Kind::Direct { event.into_call() } else { event })
}

/// The request as it came, with the route prefix removed from `path` and no parameters.
pub(crate) fn raw(request: &Parts, body: &Bytes, route_prefix: &str) -> Event {
    let raw_path = request.uri.path();
    let path = prefix::strip(raw_path, route_prefix).unwrap_or(raw_path);
    let headers = Headers::from(request.headers.clone());
    let datacontenttype = headers.text("content-type").map(str::to_owned);
    let http = Http {
        method: request.method.clone(),
        path: path.to_owned(),
        raw_path: raw_path.to_owned(),
        query: request.uri.query().map(str::to_owned),
        host: host(&request.headers).or_else(|| request.uri.authority().map(ToString::to_string)),
        headers,
        params: Vec::new(),
        // The handler sees plain HTTP on loopback; what the caller used is told by nothing that a caller cannot forge.
        scheme: None,
        client_ip: None,
    };
    Event::new(Provider::Azure, Trigger::Http(Box::new(http)))
        .with_id(invocation_id(&request.headers).unwrap_or_default())
        .with_data(body.clone(), datacontenttype.as_deref())
        .with_raw(body.clone())
}

fn host(headers: &HeaderMap) -> Option<String> {
    headers.get(HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned())
}
