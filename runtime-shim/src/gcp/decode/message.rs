use std::fmt;

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{
    DecodeError, Event, Provider, Trigger, base64,
    event::{Time, Topic},
    text::Text,
    without_value,
};

/// A message as it is pushed; twin names hold the same value.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    data: Option<Text<'a>>,
    attributes: Option<Attributes>,
    #[serde(borrow, rename = "messageId")]
    message_id: Option<Text<'a>>,
    #[serde(borrow, rename = "message_id")]
    message_id_twin: Option<Text<'a>>,
    #[serde(borrow, rename = "publishTime")]
    publish_time: Option<Text<'a>>,
    #[serde(borrow, rename = "publish_time")]
    publish_time_twin: Option<Text<'a>>,
    #[serde(borrow, rename = "orderingKey")]
    ordering_key: Option<Text<'a>>,
    #[serde(borrow, rename = "ordering_key")]
    ordering_key_twin: Option<Text<'a>>,
}

/// Attributes in their order.
#[derive(Clone)]
struct Attributes(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Attributes(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl<'a> Message<'a> {
    /// Reads the member `message` of a push.
    ///
    /// # Errors
    /// A member of the wrong kind; it is named.
    pub(super) fn read(message: &'a str) -> Result<Self, DecodeError> {
        serde_json::from_str(message).map_err(|error| {
            let mut deserializer = serde_json::Deserializer::from_str(message);
            let found = serde_path_to_error::deserialize::<_, Message<'_>>(&mut deserializer).err();
            let path = found.map(|error| error.path().to_string()).filter(|path| path != ".").unwrap_or_default();
            DecodeError::at(path, without_value(&error.to_string())).under("message")
        })
    }

    pub(super) fn attributes(&self) -> &[(String, String)] {
        self.attributes.as_ref().map_or(&[], |attributes| &attributes.0)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn id(&self) -> String {
        self.message_id.as_ref().or(self.message_id_twin.as_ref()).map(|id| id.0.to_string()).unwrap_or_default()
    }

    pub(super) fn data(&self) -> Result<Vec<u8>, DecodeError> {
        let data = self.data.as_ref().map(|data| base64::decode(data.0.as_bytes()));
        data.unwrap_or(Ok(Vec::new())).map_err(|_| DecodeError::at("message.data", "not base64"))
    }

    pub(super) fn event(self, topic: Option<String>, source: String, attempt: u32, raw: &Bytes) -> Result<Event, DecodeError> {
        let key = self.ordering_key.as_ref().or(self.ordering_key_twin.as_ref());
        let ordering_key = key.map(|key| key.0.to_string()).filter(|key| !key.is_empty());
        let time = match self.publish_time.as_ref().or(self.publish_time_twin.as_ref()) {
            Some(time) => {
                Some(Time::parse(&time.0).ok_or_else(|| DecodeError::at("message.publishTime", "not an RFC 3339 time"))?)
            }
            None => None,
        };
        let event = Event::new(Provider::Gcp, Trigger::Topic(Topic { name: topic, subject: None, ordering_key }))
            .with_id(self.id())
            .with_source(source)
            .with_time(time)
            .with_attempt(attempt)
            .with_raw(raw.clone());
        let media_type = ["content-type", "ce-datacontenttype"].iter().find_map(|name| self.attribute(name));
        let event = event.with_data(self.data()?, media_type);
        Ok(event.with_attributes(self.attributes.map(|Attributes(pairs)| pairs).unwrap_or_default()))
    }
}
