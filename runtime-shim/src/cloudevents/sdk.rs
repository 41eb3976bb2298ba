//! To and from the event of the crate `cloudevents-sdk`.

use bytes::Bytes;
use cloudevents::{AttributesWriter, Data, EventBuilder, EventBuilderV10, event::EventBuilderError};

use super::{CloudEvent, attributes::Attributes};
use crate::{DecodeError, Event};

/// The same event for `cloudevents-sdk`. Data are bytes there, as they came: its own conversions read JSON or text from them.
///
/// ```
/// use polyfn_shim::cloudevents::{CloudEvent, decode_structured};
///
/// let event = decode_structured(&br#"{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"n":1}}"#[..].into()).unwrap();
/// let theirs = cloudevents::Event::try_from(event.clone()).unwrap();
/// let data: serde_json::Value = theirs.data().unwrap().clone().try_into().unwrap();
/// assert_eq!(data["n"], 1);
/// assert_eq!(CloudEvent::try_from(theirs).unwrap(), event);
/// ```
///
/// # Errors
/// A schema that is no absolute URL, an empty source, or a time before the year 0: it has no such values.
impl TryFrom<CloudEvent> for cloudevents::Event {
    type Error = DecodeError;

    fn try_from(event: CloudEvent) -> Result<Self, DecodeError> {
        let mut builder = EventBuilderV10::new().id(event.id).source(event.source).ty(event.ty);
        if let Some(time) = event.time {
            builder = builder.time(time.to_string());
        }
        if let Some(schema) = event.dataschema {
            // Only here is text made a URL, and not without data.
            builder = builder.data_with_schema("", schema, Vec::new());
        }
        let mut theirs = builder.build().map_err(refused)?;
        let (_, schema, _) = theirs.take_data();
        theirs.set_dataschema(schema);
        theirs.set_datacontenttype(event.datacontenttype);
        theirs.set_subject(event.subject);
        if let Some(data) = event.data {
            theirs.set_data_unchecked(Vec::from(data));
        }
        for (name, value) in event.extensions {
            theirs.set_extension(&name, value);
        }
        Ok(theirs)
    }
}

fn refused(error: EventBuilderError) -> DecodeError {
    let (EventBuilderError::MissingRequiredAttribute { attribute_name }
    | EventBuilderError::ParseTimeError { attribute_name, .. }
    | EventBuilderError::ParseUrlError { attribute_name, .. }
    | EventBuilderError::InvalidUriRefError { attribute_name }) = error;
    DecodeError::at(attribute_name, "not a value that cloudevents-sdk has")
}

/// The same event from `cloudevents-sdk`, of either version that it knows.
///
/// Extensions become text in the order of their names, and JSON that was parsed is written out again.
///
/// # Errors
/// An empty id, source or type, a time past the year 9999, or an extension that is called `data` or like another attribute; the
/// attribute is named.
impl TryFrom<cloudevents::Event> for CloudEvent {
    type Error = DecodeError;

    fn try_from(mut theirs: cloudevents::Event) -> Result<Self, DecodeError> {
        let mut attributes = Attributes::default();
        for (name, value) in theirs.iter_attributes() {
            match name {
                "specversion" => attributes.set(name, "1.0".to_owned())?,
                // So it was called in version 0.3.
                "schemaurl" => attributes.set("dataschema", value.to_string())?,
                _ => attributes.set(name, value.to_string())?,
            }
        }
        let mut extensions: Vec<_> = theirs.iter_extensions().collect();
        extensions.sort_by_key(|(name, _)| *name);
        for (name, value) in extensions {
            attributes.set(name, value.to_string())?;
        }
        let mut event = attributes.finish()?;
        let (_, _, data) = theirs.take_data();
        if matches!(data, Some(Data::Json(_))) {
            event.datacontenttype.get_or_insert_with(|| "application/json".to_owned());
        }
        let data = data.map(Vec::try_from).transpose().map_err(|error| DecodeError::json(error).under("data"))?;
        event.data = data.map(Bytes::from);
        Ok(event)
    }
}

/// The CloudEvent that says all that the event does, for `cloudevents-sdk`.
///
/// # Errors
/// A request or a call, which are no CloudEvents, or a value that it does not have.
impl TryFrom<&Event> for cloudevents::Event {
    type Error = DecodeError;

    fn try_from(event: &Event) -> Result<Self, DecodeError> {
        CloudEvent::try_from(event)?.try_into()
    }
}

/// The same of an event that is not needed any more.
impl TryFrom<Event> for cloudevents::Event {
    type Error = DecodeError;

    fn try_from(event: Event) -> Result<Self, DecodeError> {
        Self::try_from(&event)
    }
}
