use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;

use crate::{
    DecodeError, Event, Provider,
    server::{Delivery, Front, forwarded_for},
};

/// Who may say where a request came from.
///
/// A container has no front end that it could know of, so by default a caller's `x-forwarded-*` headers are its own claim
/// and count for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// How many proxies stand in front, each of which appends the address it saw to `x-forwarded-for`.
    pub hops: usize,
}

/// Makes events of a request that was read from a file, of which nobody knows the connection.
///
/// # Errors
/// None now: every request is an event.
pub fn decode(parts: &Parts, body: &Bytes) -> Result<Vec<Event>, DecodeError> {
    decode_from(parts, body, None, Trust::default())
}

/// Makes events of a request that came from `peer`.
///
/// # Errors
/// None now: every request is an event.
pub fn decode_from(parts: &Parts, body: &Bytes, peer: Option<IpAddr>, trust: Trust) -> Result<Vec<Event>, DecodeError> {
    let mut front = Front { scheme: Some("http".to_owned()), client_ip: peer, host: None };
    if trust.hops > 0 {
        front.client_ip = forwarded_for(&parts.headers).rev().nth(trust.hops - 1).flatten().or(peer);
        let scheme = parts.headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
        front.scheme = scheme.filter(|scheme| ["http", "https"].contains(scheme)).map(str::to_owned).or(front.scheme);
    }
    Ok(vec![Delivery::new(parts.clone(), body.clone()).into_event(Provider::Container, None, front)])
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn decoded(hops: usize) -> (Option<String>, Option<String>) {
        let request =
            Request::get("/a").header("x-forwarded-for", "10.9.9.9, 203.0.113.7, 10.0.0.1").header("x-forwarded-proto", "https");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let peer = Some([192, 0, 2, 1].into());
        let events = decode_from(&parts, &Bytes::new(), peer, Trust { hops }).unwrap();
        let http = events[0].http().unwrap();
        (http.client_ip.map(|ip| ip.to_string()), http.scheme.clone())
    }

    #[test]
    fn a_callers_own_claim_counts_for_nothing() {
        let (ip, scheme) = decoded(0);
        assert_eq!((ip.as_deref(), scheme.as_deref()), (Some("192.0.2.1"), Some("http")));
    }

    #[test]
    fn a_trusted_proxy_says_who_it_saw() {
        for (hops, want) in [(1, "10.0.0.1"), (2, "203.0.113.7"), (3, "10.9.9.9"), (4, "192.0.2.1")] {
            let (ip, scheme) = decoded(hops);
            assert_eq!((ip.as_deref(), scheme.as_deref()), (Some(want), Some("https")), "{hops} hops");
        }
    }
}
