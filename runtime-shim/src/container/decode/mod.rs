mod event;

use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderMap, request::Parts};

use crate::{
    DecodeError, Event, Invocation, Provider,
    cloudevents::{self, Dialect},
    server::{Delivery, Front, forwarded_for, forwarded_proto, new_id, traceparent},
};

/// The events of a request that was read from a file, so that nobody knows who sent it.
///
/// ```
/// use polyfn_shim::container;
///
/// let (parts, ()) = http::Request::get("/hello?n=1").header("x-forwarded-for", "6.6.6.6").body(()).unwrap().into_parts();
/// let event = &container::decode(&parts, &"".into()).unwrap()[0];
/// let http = event.http().unwrap();
/// assert_eq!((http.path.as_str(), http.query.as_deref()), ("/hello", Some("n=1")));
/// assert_eq!(http.client_ip, None);
/// ```
///
/// # Errors
/// A CloudEvent that is malformed; the header or the member is named.
pub fn decode(parts: &Parts, body: &Bytes) -> Result<Vec<Event>, DecodeError> {
    match cloudevents::decode(&parts.headers, body, Dialect::Strict)? {
        Some(events) => events.into_iter().map(|event| event::decode(event, body)).collect(),
        None => Ok(vec![request(Delivery::new(parts.clone(), body.clone()), 0)]),
    }
}

/// The request itself as an event.
///
/// A container has no front end that could be trusted unasked: the caller is who holds the connection. `hops` says how
/// many proxies in front of it append to `X-Forwarded-For`.
pub(super) fn request(delivery: Delivery, hops: usize) -> Event {
    let front = Front {
        scheme: Some(proto(&delivery.parts.headers, hops).to_owned()),
        host: None,
        client_ip: client_ip(&delivery, hops),
    };
    delivery.into_event(Provider::Container, None, front)
}

/// The facts of an invocation by this request.
pub fn invocation(delivery: &Delivery) -> Invocation {
    Invocation::new(Provider::Container, new_id()).with_trace(traceparent(&delivery.parts.headers))
}

fn proto(headers: &HeaderMap, hops: usize) -> &'static str {
    if hops == 0 { "http" } else { forwarded_proto(headers).unwrap_or("http") }
}

/// Each trusted hop has appended who called it, so the caller is as many entries from the end as there are hops.
fn client_ip(delivery: &Delivery, hops: usize) -> Option<IpAddr> {
    let Some(skip) = hops.checked_sub(1) else { return delivery.peer_ip() };
    match forwarded_for(&delivery.parts.headers).nth(skip) {
        Some(address) => address,
        // The request came past the proxies.
        None => delivery.peer_ip(),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_trusted_hops_are_believed() {
        for (forwarded, hops, ip, scheme) in [
            ("6.6.6.6, 1.1.1.1", 0, Some("9.9.9.9"), "http"),
            ("6.6.6.6, 1.1.1.1", 1, Some("1.1.1.1"), "https"),
            ("6.6.6.6, 1.1.1.1, 2.2.2.2", 2, Some("1.1.1.1"), "https"),
            ("1.1.1.1", 2, Some("9.9.9.9"), "https"),
            ("1.1.1.1, unknown", 1, None, "https"),
        ] {
            let request = Request::get("/").header("x-forwarded-for", forwarded).header("x-forwarded-proto", "https");
            let mut delivery = Delivery::new(request.body(()).unwrap().into_parts().0, "");
            delivery.peer = Some("[::ffff:9.9.9.9]:5".parse().unwrap());
            let event = super::request(delivery, hops);
            let http = event.http().unwrap();
            assert_eq!(http.client_ip.map(|ip| ip.to_string()).as_deref(), ip, "{forwarded} {hops}");
            assert_eq!(http.scheme.as_deref(), Some(scheme), "{forwarded} {hops}");
        }
    }
}
