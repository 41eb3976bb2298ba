use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::TcpListener;

use crate::{ServeError, host::Env};

/// The port that `PORT` names, or 8080.
///
/// # Errors
/// If it is no port.
pub fn port(env: Env<'_>) -> Result<u16, ServeError> {
    match env("PORT").filter(|text| !text.is_empty()) {
        Some(text) => text.trim().parse().map_err(|error| ServeError::because("PORT: not a port such as 8080", error)),
        None => Ok(8080),
    }
}

/// Listens on every address of this machine: IPv4, and IPv6 too where there is any.
///
/// # Errors
/// If the port cannot be had.
pub async fn bind(port: u16) -> Result<Vec<TcpListener>, ServeError> {
    let refused = |error| ServeError::because(format!("cannot listen on port {port}"), error);
    let v4 = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await.map_err(refused)?;
    let port = v4.local_addr().map_err(refused)?.port();
    // Where `::` takes IPv4 as well, its port is taken by now; so clients that try `::1` first get their answer from
    // its own loopback listener.
    let v6 = match TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).await {
        Ok(v6) => Some(v6),
        Err(_) => TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok(),
    };
    Ok([Some(v4), v6].into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_a_number_or_the_default() {
        for (text, expected) in [("", Some(8080)), ("9", Some(9)), (" 9 ", Some(9)), ("65536", None), ("http", None)] {
            let found = port(&|name| (name == "PORT").then(|| text.to_owned()));
            assert_eq!(found.as_ref().ok().copied(), expected, "{text:?}");
        }
    }
}
