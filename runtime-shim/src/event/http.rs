use std::net::IpAddr;

use http::Method;

use super::Headers;

/// The fields of an HTTP request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Http {
    /// The method, as it came.
    pub method: Method,
    /// What routes match: stage and base path removed, percent-encoding kept, never empty.
    pub path: String,
    /// The path as it was received, with stage and base path.
    pub raw_path: String,
    /// The query string without its `?`, byte for byte; `None` if there is none.
    pub query: Option<String>,
    /// Every header, in order.
    pub headers: Headers,
    /// The parameters of the matched route, percent-decoded.
    pub params: Vec<(String, String)>,
    /// `http` or `https`, as the caller used it.
    pub scheme: Option<String>,
    /// What the caller asked for, as it came; it need not be a legal host.
    pub host: Option<String>,
    /// The caller's address as the provider's front end saw it, never a caller's own claim.
    pub client_ip: Option<IpAddr>,
}

impl Http {
    /// A request with this method, path and query, and no headers.
    pub fn new(method: Method, path: impl Into<String>, query: Option<&str>) -> Self {
        let path = path.into();
        Self { method, raw_path: path.clone(), path, query: query.map(str::to_owned), ..Self::default() }
    }

    /// Path and query, as in a request line.
    pub fn path_and_query(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}
