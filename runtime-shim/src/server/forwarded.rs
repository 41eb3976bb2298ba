use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

/// The addresses of `x-forwarded-for` in order, `None` for what is no address; some front ends add a port to each.
pub fn forwarded_for(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<_> = values.flat_map(|value| value.split(',')).map(|text| address(text.trim())).collect();
    addresses.into_iter()
}

fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}
