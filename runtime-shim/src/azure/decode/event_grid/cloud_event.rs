//! CloudEvents 1.0 in their JSON form.
//!
//! Source: [CloudEvents JSON format](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).

use super::{Parts, present, required, text};
use crate::{
    DecodeError, Event,
    azure::decode::{fact::Fact, members::Members},
    base64,
};

const OWN: [&str; 10] =
    ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data", "data_base64"];

pub(super) fn read<'a>(members: &Members<'a>) -> Result<Parts<'a>, DecodeError> {
    let binary = present(members, "data_base64");
    // JSON's null is data, and not the same as none.
    let json = members.get("data").filter(|json| *json != "null" || binary.is_none());
    let declared = text(members, "datacontenttype");
    let datacontenttype = declared.or_else(|| json.or(binary).map(|_| "application/json".to_owned()));
    let is_json = datacontenttype.as_deref().is_some_and(Event::is_json_type);
    let data = match (json, binary) {
        (Some(json), _) if is_json => json.as_bytes().to_vec(),
        (Some(json), _) => Fact::plain(json).to_text().into_bytes(),
        (None, Some(base64)) => {
            let bytes = Fact::plain(base64).string().and_then(|base64| base64::decode(base64).ok());
            bytes.ok_or_else(|| DecodeError::at("data_base64", "expected base64 in a string"))?
        }
        (None, None) => Vec::new(),
    };
    let extensions = members.iter().filter(|(name, json)| !OWN.contains(name) && *json != "null");
    Ok(Parts {
        id: required(members, "id")?,
        source: required(members, "source")?,
        ty: required(members, "type")?,
        subject: text(members, "subject"),
        time: members.get("time").and_then(|time| Fact::plain(time).time()),
        datacontenttype,
        dataschema: text(members, "dataschema"),
        data,
        json,
        attributes: extensions.map(|(name, json)| (name.to_owned(), Fact::plain(json).to_text())).collect(),
    })
}
