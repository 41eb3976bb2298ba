use std::net::{IpAddr, SocketAddr};

use ::http::Method;
use bytes::Bytes;

use super::{body::Body, delivery::Delivery, leaf::Leaf, path};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::Frame,
    event::{Headers, Http, Time},
};

/// What one front end's form said of a request; the rest is the same for all.
#[derive(Default)]
pub(super) struct Request<'a> {
    pub(super) method: Method,
    /// With the base removed, as it came otherwise.
    pub(super) path: &'a str,
    pub(super) raw_path: &'a str,
    pub(super) query: Option<String>,
    pub(super) headers: Headers,
    /// The caller's address by the front end's own word; else the last one in `x-forwarded-for` is taken.
    pub(super) client_ip: Option<&'a str>,
    pub(super) time: Option<Time>,
    /// The resource that delivered it; else the invoked function is taken.
    pub(super) source: Option<&'a str>,
}

impl Request<'_> {
    /// The event, with what all front ends say in the same way.
    pub(super) fn event(
        self,
        bytes: &Bytes,
        delivery: &Delivery<'_>,
        body: Body<'_>,
        frame: &Frame,
    ) -> Result<Event, DecodeError> {
        let context = &delivery.request_context;
        let data = body.read(bytes, &delivery.is_base64_encoded)?;
        let text = |name: &str| self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        let client_ip = match self.client_ip {
            Some(ip) => address(ip),
            None => last(&self.headers, "x-forwarded-for").and_then(|list| address(list.rsplit(',').next()?)),
        };
        let host = text("host").or(context.domain_name.text()).map(str::to_owned);
        let scheme = text("x-forwarded-proto").unwrap_or("https").to_owned();
        let content_type = text("content-type").map(str::to_owned);
        let http = Http {
            method: self.method,
            path: path::encode(self.path),
            raw_path: if self.raw_path.is_empty() { "/".to_owned() } else { self.raw_path.to_owned() },
            query: self.query,
            headers: self.headers,
            params: Vec::new(),
            scheme: Some(scheme),
            host,
            client_ip,
        };
        Ok(Event::new(Provider::Aws, Trigger::Http(Box::new(http)))
            .with_id(context.request_id.text().unwrap_or(frame.request_id()))
            .with_source(self.source.unwrap_or(frame.function_arn()))
            .with_time(self.time)
            .with_data(data, content_type.as_deref())
            .with_raw(bytes.clone()))
    }
}

/// A method of any name.
pub(super) fn method(member: &str, leaf: &Leaf<'_>) -> Result<Method, DecodeError> {
    let text = leaf.text().ok_or_else(|| DecodeError::at(member, "not a string"))?;
    Method::from_bytes(text.as_bytes()).map_err(|_| DecodeError::at(member, "not an HTTP method"))
}

/// A text that may be missing.
pub(super) fn text<'a>(member: &str, leaf: &'a Leaf<'_>) -> Result<&'a str, DecodeError> {
    match leaf {
        Leaf::Text(text) => Ok(text),
        Leaf::Absent => Ok(""),
        _ => Err(DecodeError::at(member, "not a string")),
    }
}

/// A time in milliseconds; seconds too, which local emulators send.
pub(super) fn time(leaf: &Leaf<'_>) -> Option<Time> {
    // Milliseconds have been above this since 1973, and seconds stay below it until the year 5138.
    const SECONDS: i64 = 100_000_000_000;
    leaf.whole().and_then(|at| if (1..SECONDS).contains(&at) { Time::from_seconds(at) } else { Time::from_millis(at) })
}

/// An address, with or without a port: a load balancer can be told to add one.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn last<'a>(headers: &'a Headers, name: &'a str) -> Option<&'a str> {
    headers.get_all(name).last().and_then(|value| value.to_str().ok())
}
