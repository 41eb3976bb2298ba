//! Event Grid's own schema.
//!
//! Source: [Event Grid event schema](https://learn.microsoft.com/azure/event-grid/event-schema).

use super::{Parts, present, required, text};
use crate::{
    DecodeError,
    azure::decode::{fact::Fact, members::Members},
};

pub(super) fn read<'a>(members: &Members<'a>) -> Result<Parts<'a>, DecodeError> {
    let json = present(members, "data");
    Ok(Parts {
        id: required(members, "id")?,
        source: text(members, "topic").unwrap_or_default(),
        ty: required(members, "eventType")?,
        subject: text(members, "subject"),
        time: members.get("eventTime").and_then(|time| Fact::plain(time).time()),
        datacontenttype: json.map(|_| "application/json".to_owned()),
        dataschema: None,
        data: json.unwrap_or_default().into(),
        json,
        attributes: Vec::new(),
    })
}
