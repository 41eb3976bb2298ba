//! `cosmosDBTrigger`: documents of the change feed, which tells neither inserts nor deletes.
//!
//! Source: [Azure Cosmos DB trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-cosmosdb-v2-trigger).

use super::{
    delivery::Delivery,
    documents::{Documents, NoArray},
    fact::Fact,
    facts::Facts,
    members::Members,
};
use crate::{
    DecodeError, Event, Trigger,
    event::{Action, Change, Time, plain},
};

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    let no_array =
        |NoArray| delivery.error("expected the JSON text of a text that holds an array of documents (cosmosDBTrigger)");
    let attempt = Facts::of_one(&delivery.metadata, None).attempt();
    let mut documents = Documents::read(delivery.value).map_err(no_array)?;
    let mut events = Vec::new();
    while let Some(document) = documents.next().map_err(no_array)? {
        events.push(event(delivery, events.len(), document)?.with_attempt(attempt));
    }
    Ok(events)
}

fn event(delivery: &Delivery<'_>, index: usize, document: &str) -> Result<Event, DecodeError> {
    let members = Members::read(document).ok_or_else(|| {
        DecodeError::at(format!("Data.{}[{index}]", delivery.binding().name), "expected a document as an object")
    })?;
    let collection = &delivery.binding().container_name;
    let fact = |name: &str| members.get(name).map(Fact::plain);
    let key = fact("id").filter(|id| id.json() != "null");
    let place = fact("_lsn").and_then(|lsn| lsn.text()).or_else(|| fact("_ts")?.text());
    let id = match (collection, key.as_ref().and_then(Fact::text), place) {
        (Some(collection), Some(key), Some(place)) => Some(format!("{collection}/{key}/{place}")),
        _ => None,
    };
    let time = fact("_ts").and_then(|seconds| seconds.count());
    let change = Change {
        action: Action::Updated,
        collection: collection.clone(),
        key: key.map(|key| plain(key.json())),
        before: None,
        after: Some(plain(document)),
    };
    Ok(delivery
        .event(Trigger::Change(Box::new(change)), index, id)
        .with_source(collection.clone().unwrap_or_default())
        .with_time(time.and_then(|seconds| Time::from_seconds(i64::try_from(seconds).ok()?))))
}
