use http::{Method, StatusCode};
use polyfn_shim::Event;
use serde::de::DeserializeOwned;

use super::query::read;
use crate::{Context, Payload, Rejection, about::About, trigger::Http};

/// The fields of a posted form (`application/x-www-form-urlencoded`); those of the query string on GET and HEAD.
///
/// ```
/// use polyfn::{Form, function};
///
/// #[derive(serde::Deserialize)]
/// struct SignUp {
///     email: String,
/// }
///
/// #[function(http = "POST /sign-up", public)]
/// async fn sign_up(Form(form): Form<SignUp>) -> String {
///     form.email
/// }
/// ```
///
/// # Errors
/// 415 for another media type; 400 with the name of the bad field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> Payload<Http> for Form<T> {
    const BODY: bool = true;

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let http = event.http();
        if http.is_some_and(|http| [Method::GET, Method::HEAD].contains(&http.method)) {
            return read(http.and_then(|http| http.query.as_deref()).unwrap_or_default()).map(Self);
        }
        let essence = event.datacontenttype().and_then(|media_type| media_type.split(';').next()).map(str::trim);
        match essence {
            Some(essence) if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") => {}
            None if event.data().is_none() => return Err(Rejection::missing("no body, where a form is expected")),
            _ => {
                return Err(Rejection::new("the body must be of type application/x-www-form-urlencoded")
                    .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
        }
        let data = event.data().map(|data| data.as_ref()).unwrap_or_default();
        read(std::str::from_utf8(data).map_err(|_| Rejection::new("the form is not UTF-8"))?).map(Self)
    }

    fn describe(about: &mut About) {
        about.form::<T>();
    }
}
