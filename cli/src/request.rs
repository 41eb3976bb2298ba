use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri, Version, request::Parts};
use httparse::Status;
use polyfn_shim::event::Headers;

/// A raw HTTP/1.1 request message, read from a file.
pub(crate) struct Message {
    /// The head, as a server would hand it on.
    pub(crate) parts: Parts,
    /// The headers in the order they stand in, which a map does not keep.
    pub(crate) headers: Headers,
    /// The whole body, with no transfer encoding left.
    pub(crate) body: Bytes,
}

/// More headers than any host lets through.
const MOST_HEADERS: usize = 1_000;

impl Message {
    /// Reads the message that `bytes` hold, all of them.
    pub(crate) fn read(bytes: &Bytes) -> Result<Self, String> {
        let mut slots = vec![httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Request::new(&mut slots);
        let length = match head.parse(bytes).map_err(|error| format!("not an HTTP/1.1 request: {error}"))? {
            Status::Complete(length) => length,
            Status::Partial => return Err("not an HTTP/1.1 request: the head has no end (an empty line)".into()),
        };
        let mut headers = Headers::with_capacity(head.headers.len());
        for header in head.headers.iter() {
            let name =
                HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| format!("header `{}`: bad name", header.name))?;
            let value = HeaderValue::from_bytes(header.value).map_err(|_| format!("header `{}`: bad value", header.name))?;
            headers.append(name, value);
        }
        let mut request = Request::new(());
        *request.method_mut() =
            Method::from_bytes(head.method.unwrap_or_default().as_bytes()).map_err(|_| "not an HTTP method".to_owned())?;
        *request.uri_mut() =
            Uri::try_from(head.path.unwrap_or_default()).map_err(|error| format!("the request target is no URI: {error}"))?;
        *request.version_mut() = Version::HTTP_11;
        *request.headers_mut() = headers.to_map();
        let body = body(&headers, &bytes.slice(length..))?;
        let (parts, ()) = request.into_parts();
        Ok(Self { parts, headers, body })
    }
}

/// The body, as the headers delimit it (RFC 9112, 6.3).
fn body(headers: &Headers, rest: &Bytes) -> Result<Bytes, String> {
    let chunked = headers.get_all("transfer-encoding").any(|value| value.as_bytes().eq_ignore_ascii_case(b"chunked"));
    if chunked {
        return unchunk(rest);
    }
    let Some(length) = headers.text("content-length") else {
        return if rest.is_empty() { Ok(rest.clone()) } else { Err("a body without `Content-Length`".into()) };
    };
    let length: usize = length.trim().parse().map_err(|_| "`Content-Length` is no number".to_owned())?;
    match rest.len().checked_sub(length) {
        None => Err(format!("the body is cut off: {} of {length} bytes", rest.len())),
        Some(0) => Ok(rest.clone()),
        Some(more) => Err(format!("{more} bytes after the body")),
    }
}

fn unchunk(mut rest: &[u8]) -> Result<Bytes, String> {
    let mut body = Vec::new();
    loop {
        let bad = |_| "a chunk's size is no number".to_owned();
        let Status::Complete((start, size)) = httparse::parse_chunk_size(rest).map_err(bad)? else {
            return Err("the chunked body is cut off".into());
        };
        if size == 0 {
            return Ok(body.into());
        }
        let size = usize::try_from(size).map_err(|_| "a chunk's size is no number".to_owned())?;
        let chunk = rest.get(start..).and_then(|rest| rest.split_at_checked(size));
        let Some((chunk, after)) = chunk else { return Err("the chunked body is cut off".into()) };
        body.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").ok_or("a chunk is longer than its size")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Bytes, String> {
        Message::read(&Bytes::copy_from_slice(text.as_bytes())).map(|message| message.body)
    }

    #[test]
    fn a_body_is_as_long_as_its_head_says() {
        assert_eq!(read("GET / HTTP/1.1\r\nHost: a\r\n\r\n").as_deref(), Ok(&b""[..]));
        assert_eq!(read("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi").as_deref(), Ok(&b"hi"[..]));
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n";
        assert_eq!(read(chunked).as_deref(), Ok(&b"hi!"[..]));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for (text, part) in [
            ("", "no end"),
            ("GET / HTTP/1.1\r\nHost: a\r\n", "no end"),
            ("{}", "no"),
            ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nhi", "2 of 3 bytes"),
            ("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nhi", "1 bytes after"),
            ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nhi", "no number"),
            ("POST / HTTP/1.1\r\n\r\nhi", "without `Content-Length`"),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi\r\n", "cut off"),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhi\r\n", "longer"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(part), "{message:?} lacks {part:?}");
        }
    }

    #[test]
    fn headers_keep_their_order() {
        let message = Message::read(&Bytes::from_static(b"GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n")).unwrap();
        let headers: Vec<_> = message.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(headers, [("a", "1"), ("b", "2"), ("a", "3")]);
    }
}
