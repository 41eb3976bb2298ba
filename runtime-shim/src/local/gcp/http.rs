use bytes::Bytes;
use http::{HeaderName, Method, Request};

use super::{super::request::request, value};
use crate::{
    DecodeError, Event,
    event::{Headers, Http},
};

/// The caller's request with what the front end adds; an address that the caller claimed stays in front of its real one.
pub(super) fn forwarded(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let Some(http) = event.http() else { return Err(DecodeError::at("trigger", "no request")) };
    let mut headers = http.headers.clone();
    if let (Some(host), None) = (&http.host, headers.get("host")) {
        set(&mut headers, "host", host)?;
    }
    let scheme = http.scheme.as_deref().unwrap_or("https");
    set(&mut headers, "x-forwarded-proto", scheme)?;
    if let Some(ip) = http.client_ip {
        let claimed = headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).map(str::to_owned);
        let chain: Vec<_> = claimed.chain([ip.to_string()]).collect();
        set(&mut headers, "x-forwarded-for", &chain.join(","))?;
        set(&mut headers, "forwarded", &format!("for=\"{ip}\";proto={scheme}"))?;
    }
    execution(&mut headers, event)?;
    request(http, &headers, event.data())
}

/// A call of a function that takes JSON.
pub(super) fn call(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let mut headers = Headers::default();
    set(&mut headers, "content-type", event.datacontenttype().unwrap_or("application/json"))?;
    execution(&mut headers, event)?;
    request(&Http::new(Method::POST, "/", None), &headers, event.data())
}

fn execution(headers: &mut Headers, event: &Event) -> Result<(), DecodeError> {
    if event.id().is_empty() { Ok(()) } else { set(headers, "function-execution-id", event.id()) }
}

fn set(headers: &mut Headers, name: &'static str, text: &str) -> Result<(), DecodeError> {
    headers.set(HeaderName::from_static(name), value(name, text)?);
    Ok(())
}
