use polyfn_shim::{Event, Trigger, event::Time};

use super::Data;
use crate::{Context, Payload, Rejection, about::About, trigger};

/// A message of a queue or a topic: its body, and what the provider said beside it.
///
/// The body is `Json<T>`, `String` or `Bytes`. A function that needs the body alone takes that in place of the message.
///
/// ```
/// use polyfn::{Error, Json, Message, function};
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     sku: String,
/// }
///
/// #[function(queue = "orders")]
/// async fn fulfil(order: Message<Json<Order>>) -> Result<(), Error> {
///     if order.attempt > 3 {
///         return Err(Error::drop("nobody can fulfil it"));
///     }
///     println!("{} for {:?}", order.body.0.sku, order.attribute("tenant"));
///     Ok(())
/// }
///
/// let order = Message::new(Json(Order { sku: "a".into() })); // in a unit test
/// assert_eq!((order.attempt, order.group), (1, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message<T> {
    /// The body.
    pub body: T,
    /// The provider's id, the same again when the message is delivered again.
    pub id: String,
    /// Attributes, in the order they came.
    pub attributes: Vec<(String, String)>,
    /// Which delivery of the message it is, from 1 on.
    pub attempt: u32,
    /// When it was sent, if the provider says.
    pub time: Option<Time>,
    /// The queue's or topic's name, if the delivery or its binding tells it.
    pub from: Option<String>,
    /// The group or ordering key within which order is kept.
    pub group: Option<String>,
    /// The place in the queue's order, as the provider writes it.
    pub sequence: Option<String>,
    /// A topic's subject line.
    pub subject: Option<String>,
}

impl<T> Message<T> {
    /// A message with this body and nothing else, to call a function with in a unit test.
    pub fn new(body: T) -> Self {
        Self {
            body,
            id: String::new(),
            attributes: Vec::new(),
            attempt: 1,
            time: None,
            from: None,
            group: None,
            sequence: None,
            subject: None,
        }
    }

    /// The value of one attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    fn of(event: &Event) -> Result<Self, Rejection>
    where
        T: Data,
    {
        let message = Self {
            id: event.id().to_owned(),
            attributes: event.attributes().to_vec(),
            attempt: event.attempt(),
            time: event.time(),
            ..Self::new(T::of(event)?)
        };
        Ok(match event.trigger().clone() {
            Trigger::Queue(queue) => Self { from: queue.name, group: queue.group, sequence: queue.sequence, ..message },
            Trigger::Topic(topic) => Self { from: topic.name, group: topic.ordering_key, subject: topic.subject, ..message },
            _ => message,
        })
    }
}

impl<T: Data> Payload<trigger::Queue> for Message<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Self::of(event)
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}

impl<T: Data> Payload<trigger::Topic> for Message<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Self::of(event)
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}
