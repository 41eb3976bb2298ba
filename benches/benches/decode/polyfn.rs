use bytes::Bytes;
use http::Response;
use polyfn_shim::aws::{self, Decoded, Frame, encode};

use crate::shapes::Seen;

pub(crate) fn decode(delivery: &Bytes) -> Decoded {
    aws::decode(delivery, &Frame::default()).expect("a good delivery")
}

/// Decodes, and sends the body back.
pub(crate) fn echo(delivery: &Bytes) -> Bytes {
    let decoded = decode(delivery);
    let shape = decoded.shape();
    let event = decoded.into_events().pop().expect("one request");
    let content_type = event.datacontenttype().unwrap_or("text/plain");
    let (parts, ()) = Response::builder().header("content-type", content_type).body(()).expect("a response").into_parts();
    encode::http(shape, &parts, event.data().unwrap_or(&Bytes::new()))
}

pub(crate) fn seen(delivery: &Bytes) -> Seen {
    let event = decode(delivery).into_events().pop().expect("one request");
    let http = event.http().expect("an http event");
    let headers = http.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    Seen::new(http.method.as_str(), &http.path, headers, event.data().map_or(&[], |data| data))
}
