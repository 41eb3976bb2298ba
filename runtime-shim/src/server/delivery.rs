use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http::{header::CONTENT_TYPE, request::Parts};

use super::encoded_path;
use crate::{
    Event, Provider, Trigger,
    event::{Headers, Http},
};

/// One request as the server received it, its body whole.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Method, target, version and headers.
    pub parts: Parts,
    /// The body; empty if there was none.
    pub body: Bytes,
    /// Who is at the other end of the connection; `None` if the request came from a file.
    pub peer: Option<SocketAddr>,
}

/// What the provider's front end says of a request; each provider decides which headers to believe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Front {
    /// `http` or `https`, as the caller used it.
    pub scheme: Option<String>,
    /// What the caller asked for, if it is not the target's authority or the `Host` header.
    pub host: Option<String>,
    /// The caller's address.
    pub client_ip: Option<IpAddr>,
}

impl Delivery {
    /// A request that came from no socket.
    pub fn new(parts: Parts, body: impl Into<Bytes>) -> Self {
        Self { parts, body: body.into(), peer: None }
    }

    /// The text of a header's first value; `None` if it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The address at the other end; an IPv4 address that came over an IPv6 socket is an IPv4 address.
    pub fn peer_ip(&self) -> Option<IpAddr> {
        self.peer.map(|peer| peer.ip().to_canonical())
    }

    /// The request as an event of this provider, which has the id that the host gave it.
    pub fn into_event(self, provider: Provider, id: Option<&str>, front: Front) -> Event {
        let Self { parts, body, .. } = self;
        let Parts { method, uri, headers, .. } = parts;
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).map(str::to_owned);
        // An authority in the target outranks `Host`: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
        let authority = uri.authority().map(|authority| authority.as_str().to_owned());
        let headers = Headers::from(headers);
        let host = front.host.or(authority).or_else(|| {
            headers
                .get("host")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .filter(|host| !host.is_empty())
        });
        let http = Http {
            method,
            path: encoded_path(uri.path()).into_owned(),
            raw_path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            headers,
            params: Vec::new(),
            scheme: front.scheme,
            host,
            client_ip: front.client_ip,
        };
        Event::new(provider, Trigger::Http(Box::new(http)))
            .with_id(id.unwrap_or_default())
            .with_raw(body.clone())
            .with_data(body, content_type.as_deref())
    }
}
