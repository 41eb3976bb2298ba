use std::sync::Arc;

use bytes::Bytes;

use super::{
    decimal::seconds,
    extended,
    leaf::Leaf,
    members::{Json, List, members},
    place::owned,
    value,
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    event::{Action, Change},
};

members! {
    /// A delivery of DocumentDB.
    ///
    /// Source: [Using Lambda with DocumentDB](https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html).
    struct Delivery<'a> {
        source_arn: Leaf<'a> = b"eventSourceArn",
        // As text: thousands of records, all read, would take as much memory as their events.
        events: List<Json<'a>> = b"events",
    }
}

members! {
    /// One element of `events`.
    struct Entry<'a> {
        event: Option<Record<'a>> = b"event",
    }
}

members! {
    /// A change of a document, or of a collection as a whole.
    struct Record<'a> {
        id: Id<'a> = b"_id",
        time: Cluster<'a> = b"clusterTime",
        operation: Leaf<'a> = b"operationType",
        key: Json<'a> = b"documentKey",
        before: Json<'a> = b"fullDocumentBeforeChange",
        after: Json<'a> = b"fullDocument",
        place: Place<'a> = b"ns",
    }
}

members! {
    /// The place in the change stream.
    struct Id<'a> {
        data: Leaf<'a> = b"_data",
    }
}

members! {
    /// When the cluster did it.
    struct Cluster<'a> {
        timestamp: Timestamp<'a> = b"$timestamp",
    }
}

members! {
    /// Seconds, and a counter within the second.
    struct Timestamp<'a> {
        seconds: Json<'a> = b"t",
    }
}

members! {
    /// Database and collection.
    struct Place<'a> {
        collection: Leaf<'a> = b"coll",
    }
}

pub(super) fn decode(bytes: &Bytes, text: &str, to: &mut Decoded) -> Result<(), DecodeError> {
    let delivery: Delivery<'_> = value::whole(text).map_err(|malformed| value::error(text, malformed))?;
    let source = Arc::from(delivery.source_arn.text().unwrap_or_default());
    to.reserve(delivery.events.0.len());
    for (index, entry) in delivery.events.0.iter().enumerate() {
        let event = event(*entry).map_err(|error| error.under(&format!("events[{index}]")))?;
        to.push(event.with_shared_source(&source).with_raw(bytes.clone()), Receipt::default());
    }
    Ok(())
}

fn event(entry: Json<'_>) -> Result<Event, DecodeError> {
    let text = entry.text().unwrap_or("null");
    let entry: Entry<'_> = value::whole(text).map_err(|malformed| value::error(text, malformed))?;
    let record = entry.event.ok_or_else(|| DecodeError::at("event", "missing"))?;
    let change = change(&record).map_err(|error| error.under("event"))?;
    Ok(Event::new(Provider::Aws, Trigger::Change(Box::new(change)))
        .with_id(record.id.data.text().unwrap_or_default())
        .with_time(record.time.timestamp.seconds.number().and_then(seconds)))
}

fn change(record: &Record<'_>) -> Result<Change, DecodeError> {
    let (action, is_document) = match record.operation.text() {
        Some("insert") => (Action::Created, true),
        Some("update" | "replace") => (Action::Updated, true),
        Some("delete") => (Action::Deleted, true),
        // The collection or the database was dropped or renamed.
        _ => (Action::Updated, false),
    };
    let plain = |member: &str, json: Json<'_>| match json.text().filter(|_| is_document).map(extended::plain) {
        Some(Some(json)) => Ok(Some(json)),
        Some(None) => Err(DecodeError::at(member, "no document")),
        None => Ok(None),
    };
    Ok(Change {
        action,
        collection: owned(&record.place.collection),
        key: plain("documentKey", record.key)?,
        before: plain("fullDocumentBeforeChange", record.before)?,
        after: plain("fullDocument", record.after)?,
    })
}
