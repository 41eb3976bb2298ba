use polyfn_shim::{
    Event, Trigger,
    event::{Action, Time},
};
use serde::de::DeserializeOwned;

use crate::{Context, Payload, Rejection, extract::json, trigger};

/// A change of a database record: what it was and what it is, as plain typed values.
///
/// Which of the two there is depends on what was done and on what the provider sends: Cosmos DB tells no `before`, a DynamoDB
/// stream only what its view type says.
///
/// ```
/// use polyfn::{Change, Error, function};
///
/// #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
/// struct Order {
///     paid: bool,
/// }
///
/// #[function(change = "orders")]
/// async fn paid(order: Change<Order>) -> Result<(), Error> {
///     if order.after.is_some_and(|after| after.paid) && !order.before.is_some_and(|before| before.paid) {
///         println!("paid");
///     }
///     Ok(())
/// }
///
/// let change = Change::new(None, Some(Order { paid: true })); // in a unit test
/// assert_eq!(change.after, Some(Order { paid: true }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<T> {
    /// What was done to it: created, updated or deleted.
    pub action: Action,
    /// The table or collection.
    pub collection: Option<String>,
    /// Its key: the text of one value, else JSON.
    pub key: Option<String>,
    /// What it was.
    pub before: Option<T>,
    /// What it is.
    pub after: Option<T>,
    /// When it happened.
    pub time: Option<Time>,
}

impl<T> Change<T> {
    /// A change from one value to another, to call a function with in a unit test.
    pub fn new(before: Option<T>, after: Option<T>) -> Self {
        let action = match (&before, &after) {
            (None, Some(_)) => Action::Created,
            (_, None) => Action::Deleted,
            (Some(_), Some(_)) => Action::Updated,
        };
        Self { action, collection: None, key: None, before, after, time: None }
    }
}

impl<T: DeserializeOwned> Payload<trigger::Change> for Change<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let Trigger::Change(change) = event.trigger() else { return Err(Rejection::new("not a change of a record")) };
        let read = |name: &str, value: &Option<String>| match value {
            Some(value) => json::read(value.as_bytes()).map(Some).map_err(|rejection| rejection.under(name)),
            None => Ok(None),
        };
        // A key of one text is that text; anything else stays JSON.
        let key = change.key.as_deref().map(|key| serde_json::from_str(key).unwrap_or_else(|_| key.to_owned()));
        Ok(Self {
            action: change.action,
            collection: change.collection.clone(),
            key,
            before: read("before", &change.before)?,
            after: read("after", &change.after)?,
            time: event.time(),
        })
    }
}
