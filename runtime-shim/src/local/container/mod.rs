//! What a caller or a source of CloudEvents sends to a container: the way back of `container::decode`.

pub mod host;
mod settled;
pub mod source;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request,
    header::{CONTENT_TYPE, HOST},
};

pub use self::settled::settled;
use super::request::request;
use crate::{
    DecodeError, Event, Trigger,
    cloudevents::{CloudEvent, Mode, encode_batch, encode_binary, encode_structured},
    event::Http,
};

/// The request for an event: a CloudEvent in this mode, or for a request and a call these themselves.
///
/// A CloudEvent carries everything, if its attributes have names that CloudEvents allow and a change's values are JSON. A request
/// loses the order of headers of different names, and what only a connection tells: scheme and address. A call loses its id.
///
/// ```
/// use polyfn_shim::{Event, Provider, Trigger, cloudevents::Mode, container, event::Queue, local};
///
/// let queue = Trigger::Queue(Queue { name: Some("orders".into()), ..Queue::default() });
/// let event = Event::new(Provider::Container, queue).with_id("7").with_source("/shop").with_data("hi", None);
/// let (parts, body) = local::container::delivery(&event, Mode::Structured).unwrap().into_parts();
/// assert_eq!(container::decode(&parts, &body).unwrap()[0].trigger(), event.trigger());
/// ```
///
/// # Errors
/// What no header can carry; the place is named.
pub fn delivery(event: &Event, mode: Mode) -> Result<Request<Bytes>, DecodeError> {
    match (event.trigger(), mode) {
        (Trigger::Http(http), _) => requested(event, http),
        (Trigger::Direct, _) => call(event),
        (_, Mode::Binary) => {
            let (headers, body) = encode_binary(&cloud_event(event)?)?;
            Ok(post(headers, body))
        }
        (_, Mode::Structured) => Ok(typed("application/cloudevents+json", encode_structured(&cloud_event(event)?))),
        (_, Mode::Batch) => batch(std::slice::from_ref(event)),
    }
}

/// The CloudEvent that says all that the event does; a request and a call are none.
///
/// An attribute must have a name that CloudEvents allow, and a change's three values must be JSON.
///
/// # Errors
/// A request or a call.
pub fn cloud_event(event: &Event) -> Result<CloudEvent, DecodeError> {
    event.try_into()
}

/// The request for several events, in batched mode.
///
/// # Errors
/// A request or a call among them.
pub fn batch(events: &[Event]) -> Result<Request<Bytes>, DecodeError> {
    let events = events.iter().map(cloud_event).collect::<Result<Vec<_>, _>>()?;
    Ok(typed("application/cloudevents-batch+json", encode_batch(&events)))
}

fn requested(event: &Event, http: &Http) -> Result<Request<Bytes>, DecodeError> {
    let mut headers = http.headers.clone();
    if let (Some(host), None) = (&http.host, headers.get("host")) {
        headers.append(HOST, HeaderValue::from_str(host).map_err(|_| DecodeError::at("http.host", "not a header value"))?);
    }
    request(http, &headers, event.data())
}

fn call(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let media_type = event.datacontenttype().unwrap_or("application/json");
    let media_type = HeaderValue::from_str(media_type).map_err(|_| DecodeError::at("datacontenttype", "not a header value"))?;
    request(&Http::new(Method::POST, "/", None), &[(CONTENT_TYPE, media_type)].into_iter().collect(), event.data())
}

fn typed(media_type: &'static str, body: Bytes) -> Request<Bytes> {
    post(HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]), body)
}

fn post(headers: HeaderMap, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers;
    request
}
