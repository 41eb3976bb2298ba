use http::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, HOST, ORIGIN},
};

use crate::{Body, Event, function::problem, server::Delivery};

/// The refusal of a request that a page of somebody else's may have sent; `None` if it is our own.
///
/// A page elsewhere can have a browser send requests here: by a name of its own that leads to this machine, which `Host` gives
/// away, or from its own origin, which `Origin` does.
pub(super) fn guarded(delivery: &Delivery, address: &str) -> Option<Response<Body>> {
    let port = address.rsplit_once(':').map_or("", |(_, port)| port);
    let own = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
    let headers = &delivery.parts.headers;
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let host = delivery.parts.uri.authority().map(ToString::to_string).or_else(|| text(HOST)).unwrap_or_default();
    if headers.get_all(HOST).iter().count() > 1 || !own.contains(&host) {
        return Some(problem(StatusCode::FORBIDDEN, format!("`{host}` is not this machine's own name; open http://{address}")));
    }
    if let Some(origin) = text(ORIGIN)
        && !own.iter().any(|own| origin == format!("http://{own}"))
    {
        return Some(problem(StatusCode::FORBIDDEN, "a page elsewhere may not use the console"));
    }
    let is_json = text(CONTENT_TYPE).is_some_and(|media_type| Event::is_json_type(&media_type));
    if delivery.parts.method == Method::POST && !is_json {
        return Some(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json"));
    }
    None
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn refused(method: &str, headers: &[(&str, &str)]) -> Option<u16> {
        let request =
            headers.iter().fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
        let (parts, ()) = request.uri("/_polyfn/").body(()).unwrap().into_parts();
        guarded(&Delivery::new(parts, ""), "127.0.0.1:9000").map(|response| response.status().as_u16())
    }

    #[test]
    fn only_this_machines_own_pages_are_answered() {
        let json = ("content-type", "application/json");
        for host in ["127.0.0.1:9000", "localhost:9000", "[::1]:9000"] {
            assert_eq!(refused("GET", &[("host", host)]), None, "{host}");
            assert_eq!(refused("POST", &[("host", host), json, ("origin", &format!("http://{host}"))]), None, "{host}");
        }
        for host in ["", "evil.example", "evil.example:9000", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:9000.evil.example"] {
            assert_eq!(refused("GET", &[("host", host)]), Some(403), "{host}");
        }
        let own = ("host", "127.0.0.1:9000");
        assert_eq!(refused("GET", &[own, ("host", "evil.example")]), Some(403));
        for origin in ["null", "http://evil.example", "https://127.0.0.1:9000", "http://127.0.0.1:9001", "http://127.0.0.1"] {
            assert_eq!(refused("GET", &[own, ("origin", origin)]), Some(403), "{origin}");
        }
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
            assert_eq!(refused("POST", &[own, ("content-type", media_type)]), Some(415), "{media_type}");
        }
        assert_eq!(refused("POST", &[own]), Some(415));
    }
}
