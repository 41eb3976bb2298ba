use http::StatusCode;
use polyfn_shim::Event;
use serde::de::DeserializeOwned;

use self::params::Params;
use super::head::head;
use crate::{Context, Payload, Rejection, about::About, trigger::Http};

mod params;

/// The parameters of the matched route, percent-decoded: one value, a tuple in the route's order, or a struct by name.
///
/// ```
/// use polyfn::{Path, function};
///
/// #[derive(serde::Deserialize)]
/// struct Page {
///     book: String,
///     page: u32,
/// }
///
/// #[function(http = "GET /books/{book}/{page}")]
/// async fn page(Path(place): Path<Page>) -> String {
///     format!("page {} of {}", place.page, place.book)
/// }
///
/// #[function(http = "GET /sum/{a}/{b}")]
/// fn sum(Path((a, b)): Path<(i64, i64)>) -> String {
///     (a + b).to_string()
/// }
/// ```
///
/// # Errors
/// 400 with the parameter's name if a value is no `T`; 500 if the route has other parameters than `T` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> Payload<Http> for Path<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let params = &head(event)?.params;
        T::deserialize(Params(params)).map(Self).map_err(|error| match error.param {
            Some(param) => Rejection::new(error.reason).at(param),
            None if params.is_empty() => {
                Rejection::missing("the route has no parameters").with_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
            None => Rejection::new(error.reason).with_status(StatusCode::INTERNAL_SERVER_ERROR),
        })
    }

    fn describe(about: &mut About) {
        // A value that is wrong names its parameter; what names none is wrong with every value.
        about.path::<T>(|params| {
            T::deserialize(Params(params)).err().filter(|error| error.param.is_none()).map(|error| error.reason)
        });
    }
}
