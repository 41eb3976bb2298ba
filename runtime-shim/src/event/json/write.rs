use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{HeaderPairs, compact};
use crate::event::{Change, Event, Http, Object, Trigger};

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let kind = self.trigger.kind().as_str();
        map.serialize_entry("provider", self.provider.as_str())?;
        map.serialize_entry("trigger", kind)?;
        text(&mut map, "id", Some(self.id()).filter(|id| !id.is_empty()))?;
        text(&mut map, "source", Some(&*self.source).filter(|source| !source.is_empty()))?;
        map.serialize_entry("type", &self.ty)?;
        text(&mut map, "subject", self.subject())?;
        if let Some(time) = self.time {
            map.serialize_entry("time", &time)?;
        }
        text(&mut map, "datacontenttype", self.datacontenttype.as_deref())?;
        text(&mut map, "dataschema", self.dataschema())?;
        map.serialize_entry("attempt", &self.attempt)?;
        if !self.via().is_empty() {
            map.serialize_entry("via", self.via())?;
        }
        if !self.attributes.is_empty() {
            map.serialize_entry("attributes", &Pairs(&self.attributes))?;
        }
        self.serialize_data(&mut map)?;
        match &self.trigger {
            Trigger::Http(http) => map.serialize_entry(kind, &**http)?,
            Trigger::Direct | Trigger::Event => map.serialize_entry(kind, &BTreeMap::<(), ()>::new())?,
            Trigger::Queue(queue) => {
                map.serialize_entry(
                    kind,
                    &Texts(&[("name", &queue.name), ("group", &queue.group), ("sequence", &queue.sequence)]),
                )?;
            }
            Trigger::Topic(topic) => {
                let fields = [("name", &topic.name), ("subject", &topic.subject), ("ordering_key", &topic.ordering_key)];
                map.serialize_entry(kind, &Texts(&fields))?;
            }
            Trigger::Stream(stream) => {
                let fields = [
                    ("name", &stream.name),
                    ("partition", &stream.partition),
                    ("partition_key", &stream.partition_key),
                    ("sequence", &stream.sequence),
                ];
                map.serialize_entry(kind, &Texts(&fields))?;
            }
            Trigger::Schedule(schedule) => {
                let scheduled_for = schedule.scheduled_for.map(|time| time.to_string());
                map.serialize_entry(kind, &Texts(&[("name", &schedule.name), ("scheduled_for", &scheduled_for)]))?;
            }
            Trigger::Object(object) => map.serialize_entry(kind, &**object)?,
            Trigger::Change(change) => map.serialize_entry(kind, &**change)?,
        }
        map.end()
    }
}

impl Event {
    fn serialize_data<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Some(data) = &self.data else { return Ok(()) };
        let text = std::str::from_utf8(data);
        match (text, text.ok().filter(|_| self.is_json()).and_then(compact)) {
            (_, Some(json)) => map.serialize_entry("data", &json),
            (Ok(text), None) if !self.is_json() => map.serialize_entry("data", text),
            // Data that claims to be JSON and is none must not look like a JSON string of it.
            _ => map.serialize_entry("data_base64", &crate::base64::encode(data)),
        }
    }
}

impl Serialize for Http {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", self.method.as_str())?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("raw_path", &self.raw_path)?;
        text(&mut map, "query", self.query.as_deref())?;
        map.serialize_entry("headers", &HeaderPairs(&self.headers))?;
        if !self.params.is_empty() {
            map.serialize_entry("params", &Pairs(&self.params))?;
        }
        text(&mut map, "scheme", self.scheme.as_deref())?;
        text(&mut map, "host", self.host.as_deref())?;
        if let Some(ip) = self.client_ip {
            map.serialize_entry("client_ip", &ip)?;
        }
        map.end()
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("action", self.action.as_str())?;
        map.serialize_entry("bucket", &self.bucket)?;
        map.serialize_entry("key", &self.key)?;
        if let Some(size) = self.size {
            map.serialize_entry("size", &size)?;
        }
        text(&mut map, "etag", self.etag.as_deref())?;
        text(&mut map, "version", self.version.as_deref())?;
        text(&mut map, "content_type", self.content_type.as_deref())?;
        map.end()
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("action", self.action.as_str())?;
        text(&mut map, "collection", self.collection.as_deref())?;
        for (name, value) in [("key", &self.key), ("before", &self.before), ("after", &self.after)] {
            if let Some(value) = value {
                match compact(value) {
                    Some(json) => map.serialize_entry(name, &json)?,
                    None => map.serialize_entry(name, value)?,
                }
            }
        }
        map.end()
    }
}

/// One text member, left out if it is absent.
fn text<M: SerializeMap>(map: &mut M, name: &str, value: Option<&str>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, value))
}

/// An object of texts, in this order, absent ones left out.
struct Texts<'a>(&'a [(&'a str, &'a Option<String>)]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value))))
    }
}

/// An object of names and values, in the order they came.
struct Pairs<'a>(&'a [(String, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
