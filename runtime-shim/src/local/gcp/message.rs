use bytes::Bytes;
use serde::{Serialize, Serializer};

use crate::{
    Event, base64,
    event::{Time, Topic},
};

/// What Pub/Sub wraps a message in.
#[derive(Serialize)]
struct Envelope<'a> {
    message: Message<'a>,
    subscription: &'a str,
    /// Told only where the subscription has a dead-letter topic; then it is worth telling.
    #[serde(rename = "deliveryAttempt", skip_serializing_if = "Option::is_none")]
    delivery_attempt: Option<u32>,
}

/// A message with the two names that several of its members have.
#[derive(Serialize)]
struct Message<'a> {
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    attributes: Pairs<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(rename = "messageId")]
    message_id: &'a str,
    #[serde(rename = "message_id")]
    message_id_twin: &'a str,
    #[serde(rename = "publishTime", skip_serializing_if = "Option::is_none")]
    publish_time: Option<Time>,
    #[serde(rename = "publish_time", skip_serializing_if = "Option::is_none")]
    publish_time_twin: Option<Time>,
    #[serde(rename = "orderingKey", skip_serializing_if = "Option::is_none")]
    ordering_key: Option<&'a str>,
    #[serde(rename = "ordering_key", skip_serializing_if = "Option::is_none")]
    ordering_key_twin: Option<&'a str>,
}

/// An object of names and values, in their order.
struct Pairs<'a>(&'a [(String, String)]);

impl Pairs<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// The message of a topic's event in its envelope; the data's media type becomes an attribute if none tells it.
pub(super) fn of(event: &Event, topic: &Topic, subscription: &str) -> Bytes {
    let mut attributes = event.attributes().to_vec();
    let told = ["content-type", "ce-datacontenttype"].iter().any(|name| event.attribute(name).is_some());
    if let (Some(media_type), false) = (event.datacontenttype(), told) {
        attributes.push(("content-type".to_owned(), media_type.to_owned()));
    }
    with(event, &attributes, event.data(), topic.ordering_key.as_deref(), subscription)
}

/// A message with these attributes and this data, and with the id, the time and the attempt of an event.
pub(super) fn with(
    event: &Event,
    attributes: &[(String, String)],
    data: Option<&Bytes>,
    ordering_key: Option<&str>,
    subscription: &str,
) -> Bytes {
    let message = Message {
        attributes: Pairs(attributes),
        data: data.map(base64::encode),
        message_id: event.id(),
        message_id_twin: event.id(),
        publish_time: event.time(),
        publish_time_twin: event.time(),
        ordering_key,
        ordering_key_twin: ordering_key,
    };
    let delivery_attempt = Some(event.attempt()).filter(|attempt| *attempt > 1);
    // Texts and a number: there is nothing in it that fails.
    Bytes::from(serde_json::to_vec(&Envelope { message, subscription, delivery_attempt }).unwrap_or_default())
}
