use std::{borrow::Cow, net::IpAddr};

use bytes::Bytes;
use http::{HeaderMap, header, request::Parts};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{
    Event, Provider, Trigger,
    event::{Headers, Http},
};

/// What stands in front of a function and what it says of the caller; the provider's `decode` knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// `http` or `https`.
    pub scheme: Option<String>,
    /// The caller's address.
    pub client_ip: Option<IpAddr>,
}

/// What cannot stand in an encoded path.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The event of an HTTP request: every header and the bytes of path and query as they came.
pub fn event(provider: Provider, parts: &Parts, body: &Bytes, front: Front) -> Event {
    let raw_path = parts.uri.path();
    let path = match raw_path {
        "" | "*" => Cow::Borrowed("/"),
        path => Cow::from(utf8_percent_encode(path, PATH)),
    };
    let headers = Headers::from(parts.headers.clone());
    let host = headers.text("host").or_else(|| parts.uri.authority().map(http::uri::Authority::as_str)).map(str::to_owned);
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let http = Http {
        method: parts.method.clone(),
        path: path.into_owned(),
        raw_path: raw_path.to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers,
        host,
        scheme: front.scheme,
        client_ip: front.client_ip,
        ..Http::default()
    };
    let media_type = media_type.map(str::to_owned);
    Event::new(provider, Trigger::Http(Box::new(http))).with_data(body.clone(), media_type.as_deref()).with_raw(body.clone())
}

/// The addresses of `x-forwarded-for` in order, `None` for what is no address; some front ends add a port to each.
pub fn forwarded_for(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<_> = values.flat_map(|value| value.split(',')).map(|text| address(text.trim())).collect();
    addresses.into_iter()
}

fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}

/// The W3C trace of a request.
pub fn trace(headers: &HeaderMap) -> Option<&str> {
    headers.get("traceparent").and_then(|value| value.to_str().ok())
}
