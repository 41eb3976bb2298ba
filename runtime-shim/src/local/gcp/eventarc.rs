//! A CloudEvent on its way through Eventarc, in each of the ways that it has.

use bytes::Bytes;
use http::Request;

use super::{cloud_event, finish, message, value};
use crate::{
    DecodeError, Event, Trigger,
    cloudevents::{CloudEvent, encode_structured},
};

pub(super) const AGENT: &str = "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)";

pub(super) fn binary(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let cloud_event = cloud_event::of(event)?;
    let mut builder = Request::post(target(event, &cloud_event)).header("from", "noreply@google.com");
    for (name, text) in attributes(&cloud_event) {
        builder = builder.header(&name, value(&name, &text)?);
    }
    let body = cloud_event.data.clone().unwrap_or_default();
    finish(builder, AGENT, cloud_event.datacontenttype.as_deref(), body)
}

pub(super) fn structured(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let cloud_event = cloud_event::of(event)?;
    let builder = Request::post("/").header("from", "noreply@google.com");
    finish(builder, AGENT, Some("application/cloudevents+json"), encode_structured(&cloud_event))
}

pub(super) fn fallback(event: &Event) -> Result<Request<Bytes>, DecodeError> {
    let cloud_event = cloud_event::of(event)?;
    let mut attributes = attributes(&cloud_event);
    if let Some(media_type) = &cloud_event.datacontenttype {
        attributes.push(("ce-datacontenttype".to_owned(), media_type.clone()));
    }
    let builder = Request::post("/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING").header("from", "noreply@google.com");
    let body = message::with(event, &attributes, cloud_event.data.as_ref(), None, "projects/local/subscriptions/eventarc-local");
    finish(builder, AGENT, Some("application/json"), body)
}

/// The way of the request, in its query.
fn target(event: &Event, cloud_event: &CloudEvent) -> String {
    let mode = match event.trigger() {
        Trigger::Topic(_) => {
            let topic = cloud_event.source.trim_start_matches("//pubsub.googleapis.com/");
            let topic: String = percent_encoding::utf8_percent_encode(topic, percent_encoding::NON_ALPHANUMERIC).collect();
            format!("CUSTOM_PUBSUB_{topic}")
        }
        Trigger::Object(_) => "GCS_NOTIFICATION".to_owned(),
        _ => "CE_PUBSUB_BINDING".to_owned(),
    };
    format!("/?__GCP_CloudEventsMode={mode}")
}

/// Each attribute but the data's media type, by the name of its header.
fn attributes(event: &CloudEvent) -> Vec<(String, String)> {
    let optional = |name: &str, value: Option<String>| value.map(|value| (format!("ce-{name}"), value));
    let own = [
        optional("id", Some(event.id.clone())),
        optional("source", Some(event.source.clone())),
        optional("specversion", Some("1.0".to_owned())),
        optional("type", Some(event.ty.clone())),
        optional("subject", event.subject.clone()),
        optional("time", event.time.map(|time| time.to_string())),
        optional("dataschema", event.dataschema.clone()),
    ];
    let extensions = event.extensions.iter().map(|(name, value)| (format!("ce-{name}"), value.clone()));
    own.into_iter().flatten().chain(extensions).collect()
}
