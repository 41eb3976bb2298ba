use http::{HeaderMap, Method, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use polyfn_shim::{Event, event::Http as Head};

use crate::{Context, Payload, Rejection, trigger::Http};

/// The headers of the request.
///
/// ```
/// use polyfn::{Headers, function};
///
/// #[function(http = "GET /agent")]
/// async fn agent(Headers(headers): Headers) -> String {
///     headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or("nobody").to_owned()
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Headers(pub HeaderMap);

/// What a caller may send in a query but a `Uri` cannot hold.
const QUERY: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'|').add(b'\\').add(b'^');

impl Payload<Http> for Headers {
    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        HeaderMap::decode(event, cx).map(Self)
    }
}

impl Payload<Http> for HeaderMap {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        head(event).map(|http| http.headers.to_map())
    }
}

impl Payload<Http> for Method {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        head(event).map(|http| http.method.clone())
    }
}

/// Path and query, without scheme and host, which need not be legal.
impl Payload<Http> for Uri {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        head(event).and_then(uri)
    }
}

pub(super) fn uri(http: &Head) -> Result<Uri, Rejection> {
    let target = match &http.query {
        Some(query) => format!("{}?{}", http.path, utf8_percent_encode(query, QUERY)),
        None => http.path.clone(),
    };
    Uri::try_from(target).map_err(|_| Rejection::new("the path is no URI"))
}

pub(super) fn head(event: &Event) -> Result<&Head, Rejection> {
    event.http().ok_or_else(|| Rejection::missing("not an HTTP request"))
}
