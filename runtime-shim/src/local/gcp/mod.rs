//! What Google Cloud sends a service for an event, with all that it loses on the way: the way back of `gcp::decode`.

pub mod changes;
mod cloud_event;
mod eventarc;
mod form;
pub mod host;
mod http;
mod legacy;
mod message;
mod pubsub;
mod scheduler;
mod settled;
pub mod source;
mod storage;
mod tasks;
mod unwrapped;

use ::http::{HeaderValue, Request, request::Builder};
use bytes::Bytes;

pub use self::{form::Form, settled::settled};
use crate::{DecodeError, Event};

/// Where this machine claims to be, where an event does not say.
const PROJECT: &str = "local";

/// The request in this form for an event; [`Form`] says what each carries.
///
/// What an event does not say and its form always does, as the size of an object or the name of a subscription, is made up or
/// left out.
///
/// ```
/// use polyfn_shim::{Event, Provider, Trigger, event::Queue, gcp, local::gcp::{Form, delivery}};
///
/// let queue = Queue { name: Some("orders".into()), ..Queue::default() };
/// let event = Event::new(Provider::Gcp, Trigger::Queue(queue)).with_id("7").with_data("hi", None);
/// let (parts, body) = delivery(Form::Tasks, &event).unwrap().into_parts();
/// assert_eq!(parts.headers["x-cloudtasks-queuename"], "orders");
/// assert_eq!(gcp::decode(&parts, &body).unwrap()[0].trigger(), event.trigger());
/// assert!(delivery(Form::Scheduler, &event).is_err());
/// ```
///
/// # Errors
/// An event that Google does not send in this form, or a value that no header can carry; the place is named.
pub fn delivery(form: Form, event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let kind = event.trigger().kind();
    if !form.carries(kind) {
        return Err(DecodeError::at("trigger", format!("{form:?} carries no {kind} event")));
    }
    match form {
        Form::Http => http::forwarded(event),
        Form::Direct => http::call(event),
        Form::Eventarc => eventarc::binary(event),
        Form::Structured => eventarc::structured(event),
        Form::Fallback => eventarc::fallback(event),
        Form::WrappedPush => pubsub::push(event),
        Form::UnwrappedPush => unwrapped::push(event),
        Form::Notification => storage::notification(event, true),
        Form::NotificationWithoutPayload => storage::notification(event, false),
        Form::Tasks => tasks::task(event),
        Form::Scheduler => scheduler::tick(event),
        Form::Change(source) => changes::delivery(source, event),
        Form::Legacy => legacy::background(event, changes::Source::Firestore(changes::Form::Json)),
        Form::LegacyRealtimeDatabase => legacy::background(event, changes::Source::RealtimeDatabase),
    }
}

/// A request that says what sent it, with the type and the bytes of an event's data.
fn finish(builder: Builder, agent: &'static str, media_type: Option<&str>, body: Bytes) -> Result<Request<Bytes>, DecodeError> {
    let mut builder = builder.header("user-agent", agent);
    if let Some(media_type) = media_type {
        builder = builder.header("content-type", value("content-type", media_type)?);
    }
    builder.body(body).map_err(|error| DecodeError::at("request", error.to_string()))
}

/// A text as a header's value. Anything but printable ASCII never arrives as a header, and space at an end is lost.
fn value(header: &str, text: &str) -> Result<HeaderValue, DecodeError> {
    let legal = text.trim() == text && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let value = HeaderValue::from_str(text).ok().filter(|_| legal);
    value.ok_or_else(|| DecodeError::at(format!("headers.{header}"), "no header can carry the value"))
}
