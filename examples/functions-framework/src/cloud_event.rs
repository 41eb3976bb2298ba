use std::collections::BTreeMap;

use polyfn::{CloudEvent, Error, Json, event::Time};
use serde::Serialize;
use serde_json::value::RawValue;

/// A CloudEvent in its JSON format.
///
/// Source: [JSON event format](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
#[derive(Serialize)]
struct Format<'a> {
    specversion: &'static str,
    id: &'a str,
    source: &'a str,
    #[serde(rename = "type")]
    ty: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datacontenttype: Option<&'a str>,
    #[serde(flatten)]
    extensions: BTreeMap<&'a str, &'a str>,
    data: &'a RawValue,
}

/// The event as JSON, with its data as it is written.
pub(crate) fn to_json(event: &CloudEvent<Json<Box<RawValue>>>) -> Result<Vec<u8>, Error> {
    let format = Format {
        specversion: "1.0",
        id: &event.id,
        source: &event.source,
        ty: &event.ty,
        subject: event.subject.as_deref(),
        time: event.time,
        datacontenttype: event.datacontenttype.as_deref(),
        extensions: event.extensions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        data: &event.data.0,
    };
    Ok(serde_json::to_vec(&format)?)
}
