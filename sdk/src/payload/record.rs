use polyfn_shim::{Event, Trigger, event::Time};

use super::Data;
use crate::{Context, Payload, Rejection, about::About, trigger};

/// A record of a stream: its data, and its place.
///
/// The data is `Json<T>`, `String` or `Bytes`.
///
/// ```
/// use polyfn::{Bytes, Error, Record, function};
///
/// #[function(stream = "clicks", ordered)]
/// async fn count(record: Record<Bytes>) -> Result<(), Error> {
///     println!("{} bytes at {:?} of {:?}", record.data.len(), record.sequence, record.partition);
///     Ok(())
/// }
///
/// assert_eq!(Record::new(Bytes::from("x")).partition, None); // in a unit test
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record<T> {
    /// The data.
    pub data: T,
    /// The provider's id of the record.
    pub id: String,
    /// The record's headers or properties.
    pub attributes: Vec<(String, String)>,
    /// The stream's name.
    pub stream: Option<String>,
    /// The shard or partition.
    pub partition: Option<String>,
    /// The key that chose the partition.
    pub partition_key: Option<String>,
    /// The place in the partition, as the provider writes it.
    pub sequence: Option<String>,
    /// When it arrived.
    pub time: Option<Time>,
}

impl<T> Record<T> {
    /// A record with this data and nothing else, to call a function with in a unit test.
    pub fn new(data: T) -> Self {
        Self {
            data,
            id: String::new(),
            attributes: Vec::new(),
            stream: None,
            partition: None,
            partition_key: None,
            sequence: None,
            time: None,
        }
    }
}

impl<T: Data> Payload<trigger::Stream> for Record<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let record = Self {
            id: event.id().to_owned(),
            attributes: event.attributes().to_vec(),
            time: event.time(),
            ..Self::new(T::of(event)?)
        };
        match event.trigger().clone() {
            Trigger::Stream(stream) => Ok(Self {
                stream: stream.name,
                partition: stream.partition,
                partition_key: stream.partition_key,
                sequence: stream.sequence,
                ..record
            }),
            _ => Err(Rejection::new("not a record of a stream")),
        }
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}
