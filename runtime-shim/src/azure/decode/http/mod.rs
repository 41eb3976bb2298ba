//! An `httpTrigger` in JSON mode: the caller's request as an object.

use std::borrow::Cow;

use bytes::Bytes;
use http::{Method, request::Parts};
use serde::de::IgnoredAny;

use self::request::Request;
use super::{envelope, invocation_id, url::Url};
use crate::{
    DecodeError, Event, Provider, Trigger,
    azure::{Declaration, prefix},
    base64,
    event::{Headers, Http, Kind},
};

mod request;

/// Makes an event of the envelope. Metadata is not read: a caller's query and body write into it.
pub(super) fn decode(request: &Parts, body: &Bytes, function: &Declaration, route_prefix: &str) -> Result<Event, DecodeError> {
    let binding = &function.bindings().trigger().name;
    let at = |member: &str, reason: &str| DecodeError::at(format!("Data.{binding}.{member}"), reason);
    let (caller, _) = envelope::read::<Request<'_>, IgnoredAny>(body, binding)?;
    let url = Url::split(&caller.url).ok_or_else(|| at("Url", "expected `scheme://host/path` or `/path`"))?;
    let method = Method::from_bytes(caller.method.as_bytes()).map_err(|_| at("Method", "not an HTTP method"))?;
    let data = match caller.body {
        None => Bytes::new(),
        Some(text) if is_base64(&caller.headers) => base64::decode(text.as_bytes())
            .map_err(|_| at("Body", "expected base64, as the content-type is application/octet-stream or multipart"))?
            .into(),
        Some(Cow::Borrowed(text)) => body.slice_ref(text.as_bytes()),
        Some(Cow::Owned(text)) => text.into(),
    };
    let datacontenttype = caller.headers.text("content-type").map(str::to_owned);
    let http = Http {
        method,
        path: prefix::strip(url.path, route_prefix).unwrap_or(url.path).to_owned(),
        raw_path: url.path.to_owned(),
        query: url.query.map(str::to_owned),
        scheme: url.scheme.map(str::to_owned),
        host: url.host.map(str::to_owned),
        headers: caller.headers,
        params: caller.params,
        // The host tells no address, and `X-Forwarded-For` is a caller's claim where no front end stands before the host.
        client_ip: None,
    };
    let event = Event::new(Provider::Azure, Trigger::Http(Box::new(http)))
        .with_id(invocation_id(&request.headers).unwrap_or_default())
        .with_data(data, datacontenttype.as_deref())
        .with_raw(body.clone());
    Ok(if function.kind() == Kind::Direct { event.into_call() } else { event })
}

/// Whether the host sends the body as base64: by the media type alone, everything else it reads as UTF-8.
fn is_base64(headers: &Headers) -> bool {
    let content_type = headers.text("content-type").unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/octet-stream" || media_type.contains("multipart/")
}
