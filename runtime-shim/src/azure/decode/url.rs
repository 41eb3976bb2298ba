/// The parts of the `Url` of a delivery, byte for byte; a parser that normalises would lose what the caller sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) host: Option<&'a str>,
    /// Never empty.
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

impl<'a> Url<'a> {
    /// Splits `https://host/path?query`, or `/path?query`; `None` if it is neither.
    pub(super) fn split(url: &'a str) -> Option<Self> {
        let (scheme, host, rest) = if url.starts_with('/') {
            (None, None, url)
        } else {
            let (scheme, rest) = url.split_once("://")?;
            if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
                return None;
            }
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            (Some(scheme), rest.get(..end), rest.get(end..)?)
        };
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let path = if path.is_empty() { "/" } else { path };
        Some(Self { scheme, host: host.filter(|host| !host.is_empty()), path, query })
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn every_byte_stays() {
        for (url, scheme, host, path, query) in [
            ("https://h:8/a%2Fb/../c?x=1&x=2", Some("https"), Some("h:8"), "/a%2Fb/../c", Some("x=1&x=2")),
            ("http://h", Some("http"), Some("h"), "/", None),
            ("http://h?", Some("http"), Some("h"), "/", Some("")),
            ("http://[::1]:7071//a?b?c", Some("http"), Some("[::1]:7071"), "//a", Some("b?c")),
            ("/a?u=http://x/", None, None, "/a", Some("u=http://x/")),
            ("http:///a", Some("http"), None, "/a", None),
        ] {
            assert_eq!(Url::split(url), Some(Url { scheme, host, path, query }), "{url}");
        }
        for url in ["", "h/a", "://h/", "a b://h/", "?x=http://h/"] {
            assert_eq!(Url::split(url), None, "{url}");
        }
    }
}
