use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;

use crate::{
    DecodeError, Event, Invocation, Provider,
    server::{Delivery, Front, forwarded_for, forwarded_proto, new_id},
};

/// The header in which the front end names the execution.
const EXECUTION: &str = "function-execution-id";

/// The events of a request.
///
/// ```
/// use polyfn_shim::gcp;
///
/// let request = http::Request::post("/a%2Fb").header("x-forwarded-proto", "https").header("x-forwarded-for", "6.6.6.6,1.2.3.4");
/// let (parts, ()) = request.body(()).unwrap().into_parts();
/// let event = &gcp::decode(&parts, &"hi".into()).unwrap()[0];
/// let http = event.http().unwrap();
/// assert_eq!((http.path.as_str(), http.scheme.as_deref()), ("/a%2Fb", Some("https")));
/// assert_eq!(http.client_ip, Some([1, 2, 3, 4].into()));
/// ```
///
/// # Errors
/// None for a plain request.
pub fn decode(parts: &Parts, body: &Bytes) -> Result<Vec<Event>, DecodeError> {
    let delivery = Delivery::new(parts.clone(), body.clone());
    match shape(&delivery) {
        Shape::Http => Ok(vec![request(delivery)]),
    }
}

/// What a request holds.
enum Shape {
    /// Itself, and nothing more.
    Http,
}

/// The ordered predicates that tell the shapes apart.
fn shape(_: &Delivery) -> Shape {
    Shape::Http
}

/// The request itself as an event.
pub(super) fn request(delivery: Delivery) -> Event {
    let front = Front {
        scheme: Some(forwarded_proto(&delivery.parts.headers).unwrap_or("http").to_owned()),
        host: None,
        client_ip: client_ip(&delivery),
    };
    let id = execution(&delivery).map(str::to_owned);
    delivery.into_event(Provider::Gcp, id.as_deref(), front)
}

/// The facts of an invocation by this request; without an id of the front end's it gets one of twelve digits.
pub fn invocation(delivery: &Delivery) -> Invocation {
    let id = execution(delivery).map_or_else(|| new_id().chars().take(12).collect(), str::to_owned);
    Invocation::new(Provider::Gcp, id).with_trace(super::trace(&delivery.parts.headers).as_deref())
}

fn execution(delivery: &Delivery) -> Option<&str> {
    delivery.header(EXECUTION).map(str::trim).filter(|id| !id.is_empty())
}

/// The front end appends the caller to what the caller claimed, and a link-local hop may follow.
fn client_ip(delivery: &Delivery) -> Option<IpAddr> {
    let link_local = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    forwarded_for(&delivery.parts.headers).find(|ip| !ip.as_ref().is_some_and(link_local)).flatten()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_caller_is_the_last_address_that_is_not_link_local() {
        for (forwarded, expected) in [
            ("1.1.1.1", Some("1.1.1.1")),
            ("6.6.6.6, 1.1.1.1", Some("1.1.1.1")),
            ("1.1.1.1, 169.254.8.1", Some("1.1.1.1")),
            ("2001:db8::7,fe80::1", Some("2001:db8::7")),
            ("169.254.8.1", None),
            ("1.1.1.1, unknown", None),
            ("", None),
        ] {
            let request = Request::get("/").header("x-forwarded-for", forwarded).body(()).unwrap();
            let delivery = Delivery::new(request.into_parts().0, "");
            assert_eq!(client_ip(&delivery).map(|ip| ip.to_string()).as_deref(), expected, "{forwarded}");
        }
    }

    #[test]
    fn paths_are_kept_as_received() {
        for path in ["//a/../b", "/a%2Fb", "/a/", "/."] {
            let request = Request::get(path).body(()).unwrap();
            let event = super::request(Delivery::new(request.into_parts().0, ""));
            let http = event.http().unwrap();
            assert_eq!((http.path.as_str(), http.raw_path.as_str()), (path, path));
        }
    }

    #[test]
    fn the_execution_has_the_front_ends_id_or_its_own() {
        for (header, expected) in [("abc123", Some("abc123")), ("", None)] {
            let request = Request::get("/").header(EXECUTION, header).body(()).unwrap();
            let delivery = Delivery::new(request.into_parts().0, "");
            let invocation = invocation(&delivery);
            match expected {
                Some(id) => assert_eq!(invocation.id(), id),
                None => assert!(invocation.id().len() == 12 && invocation.id() != super::invocation(&delivery).id()),
            }
            assert_eq!(super::request(delivery).id(), expected.unwrap_or_default());
        }
    }
}
