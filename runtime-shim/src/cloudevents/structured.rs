use std::borrow::Cow;

use bytes::Bytes;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{CloudEvent, attributes::Attributes};
use crate::{DecodeError, base64, event::is_json, members::Members, unescape::unescape};

/// The event of a body in structured mode.
///
/// # Errors
/// No JSON object, or a member that a CloudEvent cannot have; the member is named.
pub fn decode_structured(body: &Bytes) -> Result<CloudEvent, DecodeError> {
    event(serde_json::from_slice(body).map_err(DecodeError::json)?, body)
}

/// The events of a body in batched mode; there may be none.
///
/// # Errors
/// No JSON array, or an event in it that is refused; its place is named.
pub fn decode_batch(body: &Bytes) -> Result<Vec<CloudEvent>, DecodeError> {
    let items: Vec<Members<'_>> = serde_json::from_slice(body).map_err(DecodeError::json)?;
    let numbered = items.into_iter().enumerate();
    numbered.map(|(at, members)| event(members, body).map_err(|error| error.under(&format!("[{at}]")))).collect()
}

/// The body of a request in structured mode.
pub fn encode_structured(event: &CloudEvent) -> Bytes {
    // A map of text and checked JSON: there is nothing in it that fails.
    serde_json::to_vec(event).unwrap_or_default().into()
}

/// The body of a request in batched mode.
pub fn encode_batch(events: &[CloudEvent]) -> Bytes {
    serde_json::to_vec(events).unwrap_or_default().into()
}

/// The event of these members, which stand in `body`.
fn event(Members(members): Members<'_>, body: &Bytes) -> Result<CloudEvent, DecodeError> {
    let mut attributes = Attributes::default();
    let (mut data, mut base64) = (None, None);
    for (name, value) in members {
        let twice = match &*name {
            "data" => data.replace(value).is_some(),
            "data_base64" => base64.replace(value).is_some(),
            _ if value.get() == "null" => false,
            _ => {
                attributes.set(&name, text(value).into_owned())?;
                false
            }
        };
        if twice {
            return Err(DecodeError::at(name, "given twice"));
        }
    }
    let mut event = attributes.finish()?;
    match (data, base64.filter(|value| value.get() != "null")) {
        (Some(_), Some(_)) => return Err(DecodeError::at("data_base64", "given beside data")),
        (Some(value), None) => {
            let media_type = event.datacontenttype.get_or_insert_with(|| "application/json".into());
            let text = if is_json(media_type) { Cow::Borrowed(value.get()) } else { text(value) };
            event.data = Some(match text {
                Cow::Borrowed(text) => body.slice_ref(text.as_bytes()),
                Cow::Owned(text) => text.into(),
            });
        }
        (None, Some(value)) => {
            let bytes = unescape(value.get()).and_then(|text| base64::decode(text.as_bytes()).ok());
            event.data = Some(bytes.ok_or_else(|| DecodeError::at("data_base64", "not a string of base64"))?.into());
        }
        (None, None) => {}
    }
    Ok(event)
}

/// A string's text; the JSON of anything else.
fn text(value: &RawValue) -> Cow<'_, str> {
    unescape(value.get()).unwrap_or(Cow::Borrowed(value.get()))
}

impl Serialize for CloudEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("specversion", "1.0")?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("source", &self.source)?;
        map.serialize_entry("type", &self.ty)?;
        if let Some(time) = self.time {
            map.serialize_entry("time", &time)?;
        }
        let optional = [("subject", &self.subject), ("datacontenttype", &self.datacontenttype), ("dataschema", &self.dataschema)];
        for (name, value) in optional {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        for (name, value) in &self.extensions {
            map.serialize_entry(name, value)?;
        }
        if let Some(data) = &self.data {
            let text = std::str::from_utf8(data).ok();
            // Without a media type `data` would be JSON to a reader, and these are bytes.
            match (&self.datacontenttype, text, text.and_then(|text| serde_json::from_str::<&RawValue>(text).ok())) {
                (Some(media_type), _, Some(json)) if is_json(media_type) => map.serialize_entry("data", json)?,
                (Some(media_type), Some(text), _) if !is_json(media_type) => map.serialize_entry("data", text)?,
                _ => map.serialize_entry("data_base64", &base64::encode(data))?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(members: &str) -> Result<CloudEvent, DecodeError> {
        let json = format!(r#"{{"specversion":"1.0","id":"1","source":"/a","type":"t"{members}}}"#);
        let event = decode_structured(&json.into());
        if let Ok(event) = &event {
            assert_eq!(decode_structured(&encode_structured(event)).as_ref().ok(), Some(event), "the way back");
        }
        event
    }

    #[test]
    fn data_is_what_its_media_type_says() {
        for (members, media_type, data) in [
            ("", None, None),
            (r#","data":{"n": 9007199254740993}"#, Some("application/json"), Some(r#"{"n": 9007199254740993}"#)),
            (r#","data":null"#, Some("application/json"), Some("null")),
            (r#","data":"{}","datacontenttype":"application/json""#, Some("application/json"), Some(r#""{}""#)),
            (r#","data":"a\n","datacontenttype":"text/plain""#, Some("text/plain"), Some("a\n")),
            (r#","data":[1],"datacontenttype":"text/plain""#, Some("text/plain"), Some("[1]")),
            (r#","data_base64":"e30=""#, None, Some("{}")),
            (r#","data_base64":"e30=","datacontenttype":"a/b+json""#, Some("a/b+json"), Some("{}")),
        ] {
            let event = decode(members).unwrap();
            assert_eq!(event.datacontenttype.as_deref(), media_type, "{members}");
            assert_eq!(event.data.as_deref(), data.map(str::as_bytes), "{members}");
        }
    }

    #[test]
    fn extensions_are_text_by_their_lower_case_names() {
        let event = decode(r#","ratio":1.5,"flag":true,"o":{},"methodName":"m","subject":null"#).unwrap();
        for (name, value) in [("ratio", "1.5"), ("flag", "true"), ("o", "{}"), ("methodname", "m")] {
            assert_eq!(event.extension(name), Some(value));
        }
        assert_eq!(event.subject, None);
    }

    #[test]
    fn a_refusal_names_the_member() {
        for (members, path) in [
            (r#","data":1,"data_base64":"e30=""#, "data_base64"),
            (r#","data_base64":"%%%""#, "data_base64"),
            (r#","data_base64":1"#, "data_base64"),
            (r#","id":"2""#, "id"),
            (r#","data":1,"data":2"#, "data"),
            (r#","Data":1"#, "Data"),
            (r#","time":"2020-09-29T11:32:00""#, "time"),
        ] {
            assert_eq!(decode(members).unwrap_err().path(), path, "{members}");
        }
        for (json, path) in [
            (r#"{"id":"1","source":"/a","type":"t"}"#, "specversion"),
            (r#"{"specversion":"2.0","id":"1","source":"/a","type":"t"}"#, "specversion"),
            (r#"{"specversion":"1.0","id":"","source":"/a","type":"t"}"#, "id"),
            (r#"[{"specversion":"1.0","id":"1","source":"/a","type":"t"}]"#, ""),
        ] {
            assert_eq!(decode_structured(&json.into()).unwrap_err().path(), path, "{json}");
        }
    }

    #[test]
    fn a_batch_is_an_array() {
        let one = r#"{"specversion":"1.0","id":"1","source":"/a","type":"t"}"#;
        assert_eq!(decode_batch(&"[]".into()).unwrap(), []);
        let two = decode_batch(&format!("[{one},{one}]").into()).unwrap();
        assert_eq!(decode_batch(&encode_batch(&two)).unwrap(), two);
        assert!(decode_batch(&one.into()).is_err());
        assert_eq!(decode_batch(&format!("[{one},{{}}]").into()).unwrap_err().path(), "[1].id");
    }

    #[test]
    fn a_body_that_is_cut_off_or_nested_deep_is_no_panic() {
        let json = r#"{"specversion":"1.0","id":"é","source":"/a","type":"t","data":{"a":[1,"x"]}}"#;
        for end in 0..json.len() {
            assert!(decode_structured(&Bytes::copy_from_slice(&json.as_bytes()[..end])).is_err(), "{end}");
        }
        let deep = format!(r#"{{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{}"#, "[".repeat(100_000));
        assert!(decode_structured(&deep.into()).is_err());
    }
}
