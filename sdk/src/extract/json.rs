use http::StatusCode;
use polyfn_shim::{Event, without_value};
use serde::de::DeserializeOwned;

use crate::{Context, Payload, Rejection, about::About, trigger::Http};

/// A value as JSON, in and out.
///
/// As a parameter of an HTTP function it takes the body, which must say that it is JSON if it says anything. As a return
/// value it is a response of type `application/json`.
///
/// ```
/// use polyfn::{Json, function};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Deserialize)]
/// struct Order {
///     sku: String,
/// }
///
/// #[function(http = "POST /orders")]
/// async fn order(Json(order): Json<Order>) -> Json<String> {
///     Json(order.sku)
/// }
/// ```
///
/// # Errors
/// 415 for another media type; 400 with the path of the bad field for JSON that is no `T`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> Payload<Http> for Json<T> {
    const BODY: bool = true;

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let data = event.data().ok_or_else(|| Rejection::missing("no body, where JSON is expected"))?;
        if event.datacontenttype().is_some() && !event.is_json() {
            return Err(
                Rejection::new("the body must be of type application/json").with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            );
        }
        read(data).map(Self)
    }

    fn describe(about: &mut About) {
        about.body::<T>();
    }
}

/// Reads a value; only a failure pays for finding the path of the bad field.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Rejection> {
    serde_json::from_slice(json).map_err(|error| {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => rejection(error.path(), &error.inner().to_string()),
            Ok(_) => Rejection::new(without_value(&error.to_string())),
        }
    })
}

/// The rejection of a bad field.
pub(crate) fn rejection(path: &serde_path_to_error::Path, message: &str) -> Rejection {
    let path = path.to_string();
    // A key of a map is the caller's own text, of any length.
    let path: String = if path == "." || path == "?" { String::new() } else { path.chars().take(200).collect() };
    Rejection::new(without_value(message)).at(path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_bad_field_is_named_and_not_repeated() {
        let read = |json: &str| read::<BTreeMap<String, Vec<u8>>>(json.as_bytes()).unwrap_err().to_string();
        assert_eq!(read(r#"{"a":[1,"hunter2"]}"#), "a[1]: expected u8");
        assert_eq!(read("[]"), "expected a map");
        assert_eq!(read(r#"{"a":[1"#), "a: EOF while parsing a list at line 1 column 7");
        assert_eq!(read("{} x"), "trailing characters at line 1 column 4");
    }
}
