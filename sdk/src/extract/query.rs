use polyfn_shim::Event;
use serde::de::DeserializeOwned;

use super::json::rejection;
use crate::{Context, Payload, Rejection, about::About, trigger::Http};

/// The query string, decoded into a struct or a map; a repeated key fills a `Vec`.
///
/// ```
/// use polyfn::{Query, function};
///
/// #[derive(serde::Deserialize)]
/// struct Search {
///     q: String,
///     #[serde(default)]
///     tag: Vec<String>,
/// }
///
/// #[function(http = "GET /search")]
/// async fn search(Query(search): Query<Search>) -> String {
///     search.q
/// }
/// ```
///
/// # Errors
/// 400 with the name of the bad key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> Payload<Http> for Query<T> {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let query = event.http().and_then(|http| http.query.as_deref());
        read(query.unwrap_or_default()).map(Self).map_err(|error| match query {
            None | Some("") => Rejection::missing(format!("no query string: {error}")),
            Some(_) => error,
        })
    }

    fn describe(about: &mut About) {
        about.query::<T>();
    }
}

/// Reads `key=value` pairs.
pub(super) fn read<T: DeserializeOwned>(pairs: &str) -> Result<T, Rejection> {
    let deserializer = serde_html_form::Deserializer::from_bytes(pairs.as_bytes());
    serde_path_to_error::deserialize(deserializer).map_err(|error| rejection(error.path(), &error.inner().to_string()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Search {
        q: String,
        page: Option<u8>,
        #[serde(default)]
        tag: Vec<String>,
    }

    #[test]
    fn repeated_keys_fill_a_list() {
        let search = Search { q: "a b".into(), page: Some(2), tag: vec!["x".into(), "é".into()] };
        assert_eq!(read::<Search>("tag=x&q=a+b&page=2&tag=%C3%A9&other=1"), Ok(search));
    }

    #[test]
    fn a_bad_key_is_named_and_its_value_not_repeated() {
        let message = read::<Search>("q=a&page=hunter2").unwrap_err().to_string();
        assert!(message.starts_with("page: ") && !message.contains("hunter2"), "{message}");
        assert_eq!(read::<Search>("page=1").unwrap_err().to_string(), "missing field `q`");
    }
}
