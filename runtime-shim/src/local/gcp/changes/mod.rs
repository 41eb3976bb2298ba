//! What Google's databases send for a change of a record: the way back of what `gcp::decode` makes of their CloudEvents.

mod delta;
mod json;
mod message;
mod node;
mod place;
mod protobuf;
mod source;

use bytes::Bytes;
use http::Request;

use self::place::Place;
pub use self::source::{Form, Source};
use crate::{
    DecodeError, Event, Trigger,
    cloudevents::{CloudEvent, encode_binary},
    event::{Action, Change},
};

/// The request in binary mode that tells of a change.
///
/// ```
/// use polyfn_shim::{Event, Provider, Trigger, event::{Action, Change}, gcp};
/// use polyfn_shim::local::gcp::changes::{Form, Source, delivery};
///
/// let change = Change {
///     action: Action::Created,
///     collection: Some("books".into()),
///     key: Some(r#""dune""#.into()),
///     before: None,
///     after: Some(r#"{"copies":3}"#.into()),
/// };
/// let event = Event::new(Provider::Gcp, Trigger::Change(Box::new(change))).with_id("1");
/// let (parts, body) = delivery(Source::Firestore(Form::Protobuf), &event).unwrap().into_parts();
/// assert_eq!(gcp::decode(&parts, &body).unwrap()[0].trigger(), event.trigger());
/// ```
///
/// # Errors
/// As [`cloud_event`], or an attribute whose name no header can have.
pub fn delivery(source: Source, event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let (headers, body) = encode_binary(&cloud_event(source, event)?)?;
    let mut request = Request::new(body);
    *request.method_mut() = http::Method::POST;
    *request.headers_mut() = headers;
    Ok(request)
}

/// The CloudEvent that tells of a change.
///
/// The type is the one that says what was done, with the caller if the event has an attribute `authtype`. A text never becomes
/// a time, bytes or another document. What each source does not hold:
/// - Firestore and Datastore: whole numbers past an `i64`; values that are nested deeper than 40. Datastore: an id of digits
///   alone is sent as a number.
/// - Realtime Database: members that are `null`; a change that is nested deeper than 32.
///
/// # Errors
/// An event that is no change or has no key, or a value that the source does not hold; its place is named.
pub fn cloud_event(source: Source, event: &Event) -> Result<CloudEvent, DecodeError> {
    let Trigger::Change(change) = event.trigger() else { return Err(DecodeError::at("trigger", "not a change of a record")) };
    let place = Place::of(change)?;
    let path = if matches!(source, Source::Datastore(_)) { place.path_of_entity() } else { place.path() };
    let subject = event.subject().map_or_else(|| format!("{}{path}", source.prefix()), str::to_owned);
    let resource = Some(event.source()).filter(|resource| !resource.is_empty()).unwrap_or(source.default());
    let is_there = change.before.is_some() || change.after.is_some();
    let data = match source {
        // As of a document that is too large to be sent.
        Source::Firestore(_) | Source::Datastore(_) if !is_there => None,
        Source::Firestore(form) => {
            let name = format!("{}/documents/{path}", resource.trim_start_matches("//firestore.googleapis.com/"));
            Some(match form {
                Form::Protobuf => protobuf::firestore(change, &name)?,
                Form::Json => json::firestore(change, &name)?,
            })
        }
        Source::Datastore(Form::Protobuf) => Some(protobuf::datastore(change, &place)?),
        Source::Datastore(Form::Json) => Some(json::datastore(change, &place)?),
        Source::RealtimeDatabase => Some(delta::data(change)?),
    };
    Ok(CloudEvent {
        id: event.id().to_owned(),
        source: resource.to_owned(),
        ty: ty(source, change, event),
        subject: Some(subject),
        time: event.time(),
        datacontenttype: Some(source.media_type().to_owned()),
        dataschema: event.dataschema().map(str::to_owned),
        extensions: event.attributes().to_vec(),
        data: data.map(Bytes::from),
    })
}

fn ty(source: Source, change: &Change, event: &Event) -> String {
    let what = match change.action {
        Action::Created => "created",
        Action::Deleted => "deleted",
        _ => "updated",
    };
    // The Realtime Database names the caller without another type.
    let with_caller = event.attribute("authtype").is_some() && source != Source::RealtimeDatabase;
    format!("{}{what}{}", source.types(), if with_caller { ".withAuthContext" } else { "" })
}
