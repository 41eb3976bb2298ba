use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

/// The addresses of `X-Forwarded-For`, the nearest hop first; `None` stands for an entry that is no address.
///
/// Only what a trusted front end appended may be believed; the caller can have written the rest.
pub fn forwarded_for(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> + '_ {
    let values = headers.get_all("x-forwarded-for").iter().collect::<Vec<_>>();
    values.into_iter().rev().flat_map(|value| value.to_str().unwrap_or("?").rsplit(',').map(|entry| address(entry.trim())))
}

/// The scheme that the nearest front end says the caller used.
pub fn forwarded_proto(headers: &HeaderMap) -> Option<&'static str> {
    let value = headers.get_all("x-forwarded-proto").iter().next_back()?.to_str().ok()?;
    let last = value.rsplit(',').next()?.trim();
    ["https", "http"].into_iter().find(|scheme| scheme.eq_ignore_ascii_case(last))
}

/// An address, also with a port or in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let found = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    found.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_nearest_hop_comes_first() {
        let mut headers = HeaderMap::new();
        for value in ["1.1.1.1, bad", "2.2.2.2:80,[2001:db8::1]:443 , [2001:db8::2],::ffff:3.3.3.3"] {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let found: Vec<_> = forwarded_for(&headers).map(|ip| ip.map(|ip| ip.to_string()).unwrap_or_default()).collect();
        assert_eq!(found, ["3.3.3.3", "2001:db8::2", "2001:db8::1", "2.2.2.2", "", "1.1.1.1"]);
    }

    #[test]
    fn only_a_scheme_is_a_scheme() {
        for (value, expected) in [("https", Some("https")), ("https, HTTP", Some("http")), ("ftp", None), ("", None)] {
            let headers = HeaderMap::from_iter([("x-forwarded-proto".parse().unwrap(), HeaderValue::from_static(value))]);
            assert_eq!(forwarded_proto(&headers), expected, "{value:?}");
        }
    }
}
