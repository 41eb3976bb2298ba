//! Events of Event Grid, as CloudEvents; of blobs in Event Grid's own schema.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{Refused, Told};
use crate::{
    Event, Trigger,
    azure::{Binding, Cardinality},
    event::{Action, Object},
};

pub(super) fn told(events: &[Event], binding: &Binding) -> Result<Told, Refused> {
    let written: Vec<_> = events.iter().map(one).collect::<Result<_, _>>()?;
    let value = match written.as_slice() {
        _ if binding.cardinality == Some(Cardinality::Many) => Value::from(format!("[{}]", written.join(","))).to_string(),
        [one] => one.clone(),
        _ => return Err(Refused("cardinality one takes one event".to_owned())),
    };
    Ok(Told { value, metadata: Map::new(), leak: None })
}

fn one(event: &Event) -> Result<String, Refused> {
    match event.trigger() {
        Trigger::Object(object) => blob(event, object),
        Trigger::Event => Ok(cloud_event(event)),
        other => Err(Refused(format!("an eventGridTrigger sends no {} event", other.kind()))),
    }
}

fn blob(event: &Event, object: &Object) -> Result<String, Refused> {
    let ty = match object.action {
        Action::Created => "Microsoft.Storage.BlobCreated",
        Action::Deleted => "Microsoft.Storage.BlobDeleted",
        _ => return Err(Refused("Event Grid tells of created and deleted blobs".to_owned())),
    };
    let subject = format!("/blobServices/default/containers/{}/blobs/{}", object.bucket, object.key);
    let data = json!({"contentType": object.content_type, "contentLength": object.size, "eTag": object.etag});
    let event = json!({
        "id": event.id(), "topic": event.source(), "eventType": ty, "subject": subject, "data": data,
        "eventTime": event.time().map(|time| time.to_string()), "dataVersion": "", "metadataVersion": "1",
    });
    Ok(event.to_string())
}

fn cloud_event(event: &Event) -> String {
    let mut members: Vec<(&str, String)> = Vec::new();
    let mut text = |name, value: Option<&str>| members.extend(value.map(|value| (name, Value::from(value).to_string())));
    text("specversion", Some("1.0"));
    text("id", Some(event.id()));
    text("source", Some(event.source()));
    text("type", Some(event.ty()));
    text("subject", event.subject());
    text("time", event.time().map(|time| time.to_string()).as_deref());
    text("datacontenttype", event.datacontenttype());
    text("dataschema", event.dataschema());
    for (name, value) in event.attributes() {
        text(name, Some(value));
    }
    if let Some(data) = event.data() {
        members.push(match std::str::from_utf8(data) {
            // Every digit stays.
            Ok(json) if event.is_json() => ("data", json.to_owned()),
            Ok(text) => ("data", Value::from(text).to_string()),
            Err(_) => ("data_base64", Value::from(STANDARD.encode(data)).to_string()),
        });
    }
    let members: Vec<_> = members.iter().map(|(name, json)| format!("{}:{json}", Value::from(*name))).collect();
    format!("{{{}}}", members.join(","))
}
