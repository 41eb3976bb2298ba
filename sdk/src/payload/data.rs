use bytes::Bytes;
use polyfn_shim::Event;
use serde::de::DeserializeOwned;

use crate::{Json, Rejection, about::About, extract::json};

/// What the data of a message, a record or a custom event can be read as: `Json<T>`, `String` or `Bytes`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the body of a message",
    label = "not read from the data of an event",
    note = "take `Json<T>` and derive `serde::Deserialize` for `T`, or take `String` or `Bytes`"
)]
pub trait Data: Sized {
    /// Reads it from the event's data.
    ///
    /// # Errors
    /// If the data is no such thing; the rejection names the bad field.
    fn of(event: &Event) -> Result<Self, Rejection>;

    #[doc(hidden)]
    fn describe(_: &mut About) {}
}

impl<T: DeserializeOwned> Data for Json<T> {
    fn of(event: &Event) -> Result<Self, Rejection> {
        json::read(event.data().ok_or_else(|| Rejection::missing("no data, where JSON is expected"))?).map(Self)
    }

    fn describe(about: &mut About) {
        about.body::<T>();
    }
}

impl Data for String {
    fn of(event: &Event) -> Result<Self, Rejection> {
        let data = event.data().cloned().unwrap_or_default();
        Self::from_utf8(data.into()).map_err(|_| Rejection::new("not UTF-8"))
    }
}

impl Data for Bytes {
    fn of(event: &Event) -> Result<Self, Rejection> {
        Ok(event.data().cloned().unwrap_or_default())
    }
}
