mod batch;
mod change;
mod cloud_event;
mod data;
#[cfg(feature = "gcp")]
mod legacy_event;
mod message;
mod object;
mod record;
#[cfg(feature = "cloudevents-sdk")]
mod sdk_event;
mod tick;

use bytes::Bytes;
use polyfn_shim::Event;
use serde::de::DeserializeOwned;

pub(crate) use self::batch::Carried;
pub use self::{
    batch::Batch, change::Change, cloud_event::CloudEvent, data::Data, message::Message, object::Object, record::Record,
    tick::Tick,
};
use crate::{
    Context, FromContext, Json, Rejection, State,
    about::About,
    extract::json,
    trigger::{self, Direct, Http},
};

/// What a function can take as its payload from an event of the trigger `K`.
///
/// For [`Http`], every parameter is one; those that take the body come last.
///
/// ```
/// use polyfn::{Context, Event, Payload, Rejection, trigger::Http};
///
/// struct Body(usize);
///
/// impl Payload<Http> for Body {
///     const BODY: bool = true;
///
///     fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
///         Ok(Self(event.data().map_or(0, |data| data.len())))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a payload of this function",
    label = "not a payload for `{K}`",
    note = "derive `serde::Deserialize` for your type and take it as `Json<T>`, or implement `polyfn::Payload<{K}>` for it",
    note = "of a request, `Path<T>` takes the route's parameters and `Query<T>` the query string"
)]
pub trait Payload<K>: Sized {
    /// Whether it takes the body of an HTTP request, which only the last parameter may.
    const BODY: bool = false;

    #[doc(hidden)]
    const BATCH: bool = false;

    /// What makes a function that takes it run on one provider only; empty if nothing does.
    #[doc(hidden)]
    const NATIVE: &'static str = "";

    /// Reads it from the event.
    ///
    /// # Errors
    /// If the event does not hold such a thing.
    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection>;

    #[doc(hidden)]
    fn describe(_: &mut About) {}
}

#[diagnostic::do_not_recommend]
impl<T: FromContext> Payload<Http> for T {
    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        Self::from_context(event, cx)
    }

    fn describe(about: &mut About) {
        <T as FromContext>::describe(about);
    }
}

/// JSON in, without a wrapper.
impl<T: DeserializeOwned> Payload<Direct> for T {
    const BODY: bool = true;

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        // A call without input is a call with `null`, so that `Option<T>` and `()` fit.
        json::read(event.data().map_or(b"null", |data| data))
    }

    fn describe(about: &mut About) {
        about.body::<T>();
    }
}

impl<T: DeserializeOwned> Payload<Direct> for Json<T> {
    const BODY: bool = true;

    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        <T as Payload<Direct>>::decode(event, cx).map(Self)
    }

    fn describe(about: &mut About) {
        about.body::<T>();
    }
}

/// What every other trigger can hand over: the event, its data as JSON, text or bytes, or no payload but the context.
macro_rules! payloads {
    ($($kind:ty),*) => {$(
        impl<T: DeserializeOwned> Payload<$kind> for Json<T> {
            fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
                <Self as Data>::of(event)
            }

            fn describe(about: &mut About) {
                <Self as Data>::describe(about);
            }
        }

        impl Payload<$kind> for String {
            fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
                Data::of(event)
            }
        }

        impl Payload<$kind> for Bytes {
            fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
                Data::of(event)
            }
        }

        impl Payload<$kind> for Event {
            fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
                Self::from_context(event, cx)
            }
        }

        context_payloads!($kind);
    )*};
}

macro_rules! context_payloads {
    ($kind:ty) => {
        impl Payload<$kind> for Context {
            fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
                Self::from_context(event, cx)
            }
        }

        impl<T: Send + Sync + 'static> Payload<$kind> for State<T> {
            fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
                Self::from_context(event, cx)
            }

            fn describe(about: &mut About) {
                <Self as FromContext>::describe(about);
            }
        }
    };
}

context_payloads!(Direct);
payloads!(trigger::Queue, trigger::Topic, trigger::Object, trigger::Schedule, trigger::Change, trigger::Stream, trigger::Event);

#[cfg(test)]
mod tests;
