use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use serde::Serialize;
use serde_json::json;

use super::{changes, cloud_event, eventarc, finish, pubsub};
use crate::{
    DecodeError, Event, Provider, Trigger, base64,
    cloudevents::CloudEvent,
    event::Topic,
    gcp::{self, LegacyContext, LegacyEvent},
};

/// The body that a background function is posted.
#[derive(Serialize)]
struct Body<'a> {
    data: &'a serde_json::value::RawValue,
    context: &'a LegacyContext,
    /// Of a Realtime Database alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
}

/// An event as the functions of the first generation were posted it; of a change, by this database.
///
/// Source: [Functions Framework conformance](https://github.com/GoogleCloudPlatform/functions-framework-conformance).
pub(super) fn background(event: &Event, database: changes::Source) -> Result<Request<Bytes>, DecodeError> {
    let cloud_event = match event.trigger() {
        Trigger::Topic(topic) => published(event, topic),
        Trigger::Change(_) => changes::cloud_event(database, event)?,
        _ => cloud_event::of(event)?,
    };
    let domain = Some(cloud_event.source.as_str()).filter(|_| database == changes::Source::RealtimeDatabase).map(domain);
    let legacy = LegacyEvent::of(&delivered(event, cloud_event))?;
    let body = Body { data: &legacy.data, context: &legacy.context, domain };
    let body = Bytes::from(serde_json::to_vec(&body).map_err(DecodeError::json)?);
    let request = finish(Request::post("/"), eventarc::AGENT, Some("application/json"), body)?;
    let (parts, body) = request.into_parts();
    told(event, &gcp::decode(&parts, &body)?)?;
    Ok(Request::from_parts(parts, body))
}

/// The CloudEvent as it would have been delivered today.
fn delivered(event: &Event, cloud_event: CloudEvent) -> Event {
    // What the caller was has no other type here.
    let ty = cloud_event.ty.strip_suffix(".withAuthContext").unwrap_or(&cloud_event.ty).to_owned();
    let mut delivered = Event::new(Provider::Gcp, Trigger::Event)
        .with_id(event.id())
        .with_source(cloud_event.source)
        .with_type(ty)
        .with_time(cloud_event.time)
        .with_data(cloud_event.data.unwrap_or_default(), Some("application/json"));
    if let Some(subject) = cloud_event.subject {
        delivered = delivered.with_subject(subject);
    }
    delivered
}

/// News of a message, with what a background function has of it.
fn published(event: &Event, topic: &Topic) -> CloudEvent {
    let mut attributes: BTreeMap<_, _> = event.attributes().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if let Some(media_type) = event.datacontenttype() {
        attributes.entry("content-type").or_insert(media_type);
    }
    let message = json!({"message": {
        "@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage", "attributes": attributes,
        "data": event.data().map(base64::encode),
    }});
    CloudEvent {
        source: pubsub::source(event, topic),
        ty: "google.cloud.pubsub.topic.v1.messagePublished".to_owned(),
        data: Some(Bytes::from(message.to_string())),
        ..CloudEvent::of(event)
    }
}

/// The domain of a database in the place that its source tells.
fn domain(source: &str) -> String {
    let place = source.split_once("/locations/").and_then(|(_, rest)| rest.split('/').next()).unwrap_or("us-central1");
    format!("{place}.firebasedatabase.app")
}

/// Refuses what cannot be told from something else: the name of an object that ends like one with its generation, and a subject
/// that the form has from the data.
fn told(event: &Event, decoded: &[Event]) -> Result<(), DecodeError> {
    let Some(decoded) = decoded.first() else { return Err(DecodeError::at("type", "no event that is told in this form")) };
    match event.trigger() {
        Trigger::Object(sent) if decoded.subject() != Some(&format!("objects/{}", sent.key)) => {
            Err(DecodeError::at("object.key", "it ends in what this form has for a generation"))
        }
        Trigger::Event if event.subject() != decoded.subject() => {
            Err(DecodeError::at("subject", "not the one that this form has from the data"))
        }
        _ => Ok(()),
    }
}
