use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;

use super::{compact, read_headers};
use crate::{
    DecodeError, Event, Provider,
    event::{Action, Change, Headers, Http, Kind, Object, Queue, Rare, Schedule, Stream, Time, Topic, Trigger},
    fields::Fields,
    members::Members,
    text::Text,
};

impl Event {
    /// The event of its JSON form, as `serde` and `cargo polyfn decode` write it.
    ///
    /// Everything comes back but [`raw`](Self::raw), which the form does not have, and the white space between the tokens
    /// of JSON data and of a change's values. Numbers keep all their digits.
    ///
    /// ```
    /// use polyfn_shim::Event;
    ///
    /// let json = r#"{"provider":"aws","trigger":"queue","id":"7","data":"hi","queue":{"name":"orders"}}"#;
    /// let event = Event::from_json(json).unwrap();
    /// assert_eq!(event.ty(), "polyfn.queue.message");
    ///
    /// let error = Event::from_json(&json.replace("name", "title")).unwrap_err();
    /// assert_eq!(error.to_string(), "queue.title: unknown member; there are name, group, sequence");
    /// ```
    ///
    /// # Errors
    /// What is no JSON, a name that the form does not have, a value of the wrong kind; the place is named.
    pub fn from_json(json: &str) -> Result<Self, DecodeError> {
        let mut fields = Fields::read(json, "")?;
        let provider = fields.word("provider", "aws, gcp, azure, container or local", |name| name.parse::<Provider>().ok())?;
        let provider = provider.ok_or_else(|| fields.wrong("provider", "missing"))?;
        let kind = fields.word("trigger", &words(Kind::ALL.map(Kind::as_str)), |name| {
            Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
        })?;
        let kind = kind.ok_or_else(|| fields.wrong("trigger", "missing"))?;
        let name = kind.as_str();
        let trigger = trigger(kind, Fields::read(fields.required(name)?.get(), name)?)?;

        let mut event = Self::new(provider, trigger);
        event.id = fields.text("id")?.unwrap_or_default().into();
        event.source = fields.text("source")?.unwrap_or_default().into();
        if let Some(ty) = fields.text("type")? {
            event.ty = ty.into();
        }
        let subject = fields.text("subject")?;
        event.time = time(&mut fields, "time")?;
        event.datacontenttype = fields.text("datacontenttype")?;
        let dataschema = fields.text("dataschema")?;
        if let Some(attempt) = fields.of("attempt", "a whole number")? {
            event = event.with_attempt(attempt);
        }
        let via = fields.of("via", "an array of texts")?.unwrap_or_default();
        event.rare = Some(Rare { subject, dataschema, via }).filter(|rare| *rare != Rare::default()).map(Box::new);
        event.attributes = pairs(&mut fields, "attributes")?;
        event.data = data(&mut fields, event.is_json())?.filter(|data| !data.is_empty());
        fields.end()?;
        Ok(event)
    }
}

impl<'de> Deserialize<'de> for Event {
    /// As [`Event::from_json`] does, for formats of JSON.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Owned, since a reader from a stream or a `Value` has nothing to borrow from.
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(json.get()).map_err(D::Error::custom)
    }
}

/// The fields of a trigger. A struct literal reads them in the order in which it names them.
fn trigger(kind: Kind, mut fields: Fields<'_>) -> Result<Trigger, DecodeError> {
    let of = &mut fields;
    let trigger = match kind {
        Kind::Http => Trigger::Http(Box::new(http(of)?)),
        Kind::Direct => Trigger::Direct,
        Kind::Event => Trigger::Event,
        Kind::Queue => Trigger::Queue(Queue { name: of.text("name")?, group: of.text("group")?, sequence: of.text("sequence")? }),
        Kind::Topic => {
            Trigger::Topic(Topic { name: of.text("name")?, subject: of.text("subject")?, ordering_key: of.text("ordering_key")? })
        }
        Kind::Stream => Trigger::Stream(Stream {
            name: of.text("name")?,
            partition: of.text("partition")?,
            partition_key: of.text("partition_key")?,
            sequence: of.text("sequence")?,
        }),
        Kind::Schedule => Trigger::Schedule(Schedule { name: of.text("name")?, scheduled_for: time(of, "scheduled_for")? }),
        Kind::Object => Trigger::Object(Box::new(Object {
            action: action(of, &Action::ALL)?,
            bucket: of.required_text("bucket")?,
            key: of.required_text("key")?,
            size: of.of("size", "a whole number")?,
            etag: of.text("etag")?,
            version: of.text("version")?,
            content_type: of.text("content_type")?,
        })),
        Kind::Change => Trigger::Change(Box::new(Change {
            action: action(of, &[Action::Created, Action::Updated, Action::Deleted])?,
            collection: of.text("collection")?,
            key: of.raw("key").map(json),
            before: of.raw("before").map(json),
            after: of.raw("after").map(json),
        })),
    };
    fields.end()?;
    Ok(trigger)
}

fn http(fields: &mut Fields<'_>) -> Result<Http, DecodeError> {
    let method = fields.word("method", "an HTTP method", |name| name.parse::<Method>().ok())?;
    let method = method.ok_or_else(|| fields.wrong("method", "missing"))?;
    let path = fields.required_text("path")?;
    let raw_path = fields.text("raw_path")?.unwrap_or_else(|| path.clone());
    Ok(Http {
        method,
        path,
        raw_path,
        query: fields.text("query")?,
        headers: match fields.raw("headers") {
            Some(pairs) => read_headers(pairs, &fields.at("headers"))?,
            None => Headers::default(),
        },
        params: pairs(fields, "params")?,
        scheme: fields.text("scheme")?,
        host: fields.text("host")?,
        client_ip: fields.word("client_ip", "an IP address", |address| address.parse().ok())?,
    })
}

fn data(fields: &mut Fields<'_>, is_json: bool) -> Result<Option<Bytes>, DecodeError> {
    let base64 = fields.word("data_base64", "base64", |text| crate::base64::decode(text).ok())?;
    if base64.is_some() {
        return match fields.raw("data") {
            Some(_) => Err(fields.wrong("data_base64", "given beside data")),
            None => Ok(base64.map(Bytes::from)),
        };
    }
    if is_json {
        return Ok(fields.raw("data").map(|value| json(value).into()));
    }
    let text = fields.of::<Text<'_>>("data", "a text, since datacontenttype does not say JSON")?;
    Ok(text.map(|text| text.0.into_owned().into()))
}

/// JSON on one line, as it was before someone wrote it on many.
fn json(value: &RawValue) -> String {
    compact(value.get()).map_or_else(|| value.get().to_owned(), |json| json.get().to_owned())
}

fn time(fields: &mut Fields<'_>, name: &'static str) -> Result<Option<Time>, DecodeError> {
    fields.word(name, "a time as RFC 3339 has it", Time::parse)
}

fn action(fields: &mut Fields<'_>, known: &[Action]) -> Result<Action, DecodeError> {
    let what = words(known.iter().map(|action| action.as_str()));
    let action = fields.word("action", &what, |name| known.iter().copied().find(|action| action.as_str() == name))?;
    action.ok_or_else(|| fields.wrong("action", "missing"))
}

/// An object of texts, in the order of its members, which may repeat.
fn pairs(fields: &mut Fields<'_>, name: &'static str) -> Result<Vec<(String, String)>, DecodeError> {
    let Some(Members(members)) = fields.of(name, "an object of texts")? else { return Ok(Vec::new()) };
    let pair = |(key, value): (std::borrow::Cow<'_, str>, &RawValue)| match serde_json::from_str::<String>(value.get()) {
        Ok(text) => Ok((key.into_owned(), text)),
        Err(_) => Err(DecodeError::at(format!("{}.{key}", fields.at(name)), "expected a text")),
    };
    members.into_iter().map(pair).collect()
}

/// Words to choose from, as a message lists them.
fn words(words: impl IntoIterator<Item = &'static str>) -> String {
    format!("one of {}", words.into_iter().collect::<Vec<_>>().join(", "))
}
