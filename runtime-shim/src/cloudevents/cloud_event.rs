use bytes::Bytes;

use crate::{Event, Provider, Trigger, event::Time};

/// One CloudEvent, whatever mode it came in.
///
/// ```
/// use polyfn_shim::cloudevents::{CloudEvent, decode_structured};
///
/// let event = decode_structured(&br#"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"n":1}}"#[..].into()).unwrap();
/// assert_eq!((event.id.as_str(), event.data.as_deref()), ("1", Some(&br#"{"n":1}"#[..])));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudEvent {
    /// With `source`, what tells it from every other event.
    pub id: String,
    /// A URI reference of where it happened.
    pub source: String,
    /// What happened.
    pub ty: String,
    /// What in the source it is about.
    pub subject: Option<String>,
    /// When it happened.
    pub time: Option<Time>,
    /// The media type of the data, parameters and all.
    pub datacontenttype: Option<String>,
    /// The schema of the data.
    pub dataschema: Option<String>,
    /// Every other attribute as text, by its lower-case name, in the order they came.
    pub extensions: Vec<(String, String)>,
    /// The data; `None` if there is none, which JSON's `null` is not.
    pub data: Option<Bytes>,
}

impl CloudEvent {
    /// The value of an extension.
    pub fn extension(&self, name: &str) -> Option<&str> {
        self.extensions.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// What a common event says in the attributes that it shares with CloudEvents; its own are extensions.
    pub fn of(event: &Event) -> Self {
        Self {
            id: event.id().to_owned(),
            source: event.source().to_owned(),
            ty: event.ty().to_owned(),
            subject: event.subject().map(str::to_owned),
            time: event.time(),
            datacontenttype: event.datacontenttype().map(str::to_owned),
            dataschema: event.dataschema().map(str::to_owned),
            extensions: event.attributes().to_vec(),
            data: event.data().cloned(),
        }
    }

    /// The same as the common event, a custom one with its own type.
    pub fn into_event(self, provider: Provider, raw: &Bytes) -> Event {
        let mut event = Event::new(provider, Trigger::Event)
            .with_id(self.id)
            .with_source(self.source)
            .with_type(self.ty)
            .with_time(self.time)
            .with_data(self.data.unwrap_or_default(), self.datacontenttype.as_deref())
            .with_raw(raw.clone());
        if let Some(subject) = self.subject {
            event = event.with_subject(subject);
        }
        if let Some(dataschema) = self.dataschema {
            event = event.with_dataschema(dataschema);
        }
        for (name, value) in self.extensions {
            event = event.with_attribute(name, value);
        }
        event
    }
}
