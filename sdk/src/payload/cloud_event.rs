use polyfn_shim::{Event, event::Time};

use super::Data;
use crate::{Context, Payload, Rejection, about::About, trigger};

/// A custom event with the attributes of CloudEvents 1.0, whichever provider's form it came in.
///
/// The data is `Json<T>`, `String` or `Bytes`.
///
/// ```
/// use polyfn::{CloudEvent, Error, Json, function};
///
/// #[derive(serde::Deserialize)]
/// struct Paid {
///     order: u32,
/// }
///
/// #[function(event = "shop.order.*", source = "/shop")]
/// async fn paid(event: CloudEvent<Json<Paid>>) -> Result<(), Error> {
///     println!("{} of {}: order {}", event.ty, event.source, event.data.0.order);
///     Ok(())
/// }
///
/// assert_eq!(CloudEvent::new("shop.order.paid", Json(Paid { order: 7 })).subject, None); // in a unit test
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloudEvent<T> {
    /// The id; with the source, the same again when the event is delivered again.
    pub id: String,
    /// Where it happened.
    pub source: String,
    /// What happened.
    pub ty: String,
    /// What in the source it is about.
    pub subject: Option<String>,
    /// When it happened.
    pub time: Option<Time>,
    /// The media type of the data.
    pub datacontenttype: Option<String>,
    /// Extension attributes.
    pub extensions: Vec<(String, String)>,
    /// The data.
    pub data: T,
}

impl<T> CloudEvent<T> {
    /// An event of this type with this data and nothing else, to call a function with in a unit test.
    pub fn new(ty: impl Into<String>, data: T) -> Self {
        Self {
            id: String::new(),
            source: String::new(),
            ty: ty.into(),
            subject: None,
            time: None,
            datacontenttype: None,
            extensions: Vec::new(),
            data,
        }
    }
}

impl<T: Data> Payload<trigger::Event> for CloudEvent<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Ok(Self {
            id: event.id().to_owned(),
            source: event.source().to_owned(),
            ty: event.ty().to_owned(),
            subject: event.subject().map(str::to_owned),
            time: event.time(),
            datacontenttype: event.datacontenttype().map(str::to_owned),
            extensions: event.attributes().to_vec(),
            data: T::of(event)?,
        })
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}
