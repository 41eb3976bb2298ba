use bytes::Bytes;
use http::request::Parts;

/// A request that is looked at before anybody knows what it is: nothing of it is copied until then.
#[derive(Clone, Copy)]
pub(super) struct Received<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a Bytes,
}

impl<'a> Received<'a> {
    /// The text of a header's first value; `None` if it is no text.
    pub(super) fn header(self, name: &str) -> Option<&'a str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
