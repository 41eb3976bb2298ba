use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;

use crate::{
    DecodeError, Event, Provider,
    server::{Delivery, Front, forwarded_for},
};

/// Makes events of a request to the service.
///
/// # Errors
/// None now: every request is an event.
pub fn decode(parts: &Parts, body: &Bytes) -> Result<Vec<Event>, DecodeError> {
    let scheme = parts.headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok()).map(str::to_owned);
    // The front end appends the caller's address to whatever the caller claimed, and a link-local hop may follow.
    let client_ip = forwarded_for(&parts.headers).rev().flatten().find(|ip| !is_link_local(*ip));
    let id = parts.headers.get("function-execution-id").and_then(|id| id.to_str().ok());
    let event = Delivery::new(parts.clone(), body.clone()).into_event(Provider::Gcp, id, Front { scheme, client_ip, host: None });
    Ok(vec![event])
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_front_end_says_who_called() {
        for (forwarded, want) in [
            ("10.9.9.9, 203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7,169.254.1.1", Some("203.0.113.7")),
            ("2001:db8::7, fe80::1", Some("2001:db8::7")),
            ("nonsense", None),
            ("", None),
        ] {
            let request =
                Request::get("//a/../b%2F?x=%20+").header("x-forwarded-for", forwarded).header("x-forwarded-proto", "https");
            let (parts, ()) = request.header("function-execution-id", "e1").body(()).unwrap().into_parts();
            let events = decode(&parts, &Bytes::new()).unwrap();
            let http = events[0].http().unwrap();
            assert_eq!(http.client_ip.map(|ip| ip.to_string()).as_deref(), want, "{forwarded:?}");
            assert_eq!((http.path.as_str(), http.query.as_deref()), ("//a/../b%2F", Some("x=%20+")));
            assert_eq!((events[0].id(), http.scheme.as_deref()), ("e1", Some("https")));
        }
    }
}
