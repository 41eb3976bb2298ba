//! Server-sent events: a response that goes on, for browsers' `EventSource`.

use std::{
    fmt::{self, Write as _},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Response, header};
use polyfn_shim::{Body, BoxError, Reply};

use super::IntoReply;
use crate::{Error, trigger::Http};

/// A reply of server-sent events, one for each item of a stream.
///
/// The caller sees each as it comes on hosts that stream; the others send all of them at the end.
///
/// ```
/// use polyfn::{Sse, function, sse};
/// use std::convert::Infallible;
///
/// # struct Ticks;
/// # impl futures_core::Stream for Ticks {
/// #     type Item = Result<sse::Event, Infallible>;
/// #     fn poll_next(
/// #         self: std::pin::Pin<&mut Self>,
/// #         _: &mut std::task::Context<'_>,
/// #     ) -> std::task::Poll<Option<Self::Item>> {
/// #         std::task::Poll::Ready(None)
/// #     }
/// # }
/// #[function(http = "GET /ticks")]
/// async fn ticks() -> Sse<Ticks> {
///     Sse(Ticks) // any `Stream<Item = Result<sse::Event, _>>`
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Sse<S>(pub S);

impl<S, E> IntoReply<Http> for Sse<S>
where
    S: Stream<Item = Result<Event, E>> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    const REPLIES: &'static str = "200 text/event-stream";

    fn into_reply(self) -> Result<Reply, Error> {
        let mut response = Response::new(Body::from_stream(Texts(Box::pin(self.0))));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Ok(Reply::Http(response))
    }
}

/// One server-sent event.
///
/// ```
/// use polyfn::sse::Event;
///
/// let event = Event::data("line 1\nline 2").named("greeting").with_id("7");
/// assert_eq!(event.to_string(), "event: greeting\nid: 7\ndata: line 1\ndata: line 2\n\n");
/// ```
///
/// Source: [HTML, server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    name: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: Option<String>,
}

impl Event {
    /// An event with this text, of any number of lines.
    pub fn data(data: impl Into<String>) -> Self {
        Self { data: Some(data.into()), ..Self::default() }
    }

    /// A comment, which keeps a quiet connection open.
    pub fn keep_alive() -> Self {
        Self::default()
    }

    /// The same event under a name; it ends at the first line break.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(first_line(name.into()));
        self
    }

    /// The same event with an id, from which a browser that comes back goes on; it ends at the first line break.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(first_line(id.into()));
        self
    }

    /// The same event, with how long a browser waits before it comes back.
    #[must_use]
    pub fn with_retry(mut self, retry: Duration) -> Self {
        self.retry = Some(retry);
        self
    }
}

/// A line break in a field would start a field of the caller's making.
fn first_line(mut text: String) -> String {
    text.truncate(text.find(['\r', '\n', '\0']).unwrap_or(text.len()));
    text
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            writeln!(f, "event: {name}")?;
        }
        if let Some(id) = &self.id {
            writeln!(f, "id: {id}")?;
        }
        if let Some(retry) = self.retry {
            writeln!(f, "retry: {}", retry.as_millis())?;
        }
        match &self.data {
            Some(data) => data.replace("\r\n", "\n").split(['\r', '\n']).try_for_each(|line| writeln!(f, "data: {line}"))?,
            None => f.write_str(":\n")?,
        }
        f.write_char('\n')
    }
}

/// The events of a stream as text.
struct Texts<S>(Pin<Box<S>>);

impl<S, E> Stream for Texts<S>
where
    S: Stream<Item = Result<Event, E>>,
{
    type Item = Result<Bytes, E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|event| event.map(|event| event.map(|event| Bytes::from(event.to_string()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_start_a_field_of_its_own() {
        let event = Event::data("a\r\nb\rid: 9").named("x\nid: 8").with_id("1\r2").with_retry(Duration::from_secs(2));
        assert_eq!(event.to_string(), "event: x\nid: 1\nretry: 2000\ndata: a\ndata: b\ndata: id: 9\n\n");
        assert_eq!(Event::keep_alive().to_string(), ":\n\n");
    }
}
