//! A request of the host becomes events.

mod envelope;
mod http;
mod invocation_id;
mod raw;
mod text;
mod url;

use bytes::Bytes;

pub(crate) use self::{invocation_id::invocation_id, raw::raw};
use super::{Declaration, Mode, TriggerType};
use crate::{DecodeError, Event};

/// Makes events of a request that the host sent for `function`.
///
/// `route_prefix` is the host's (`api` unless host.json says otherwise): callers' paths begin with it, events' do not.
/// What each trigger's delivery looks like follows from the declared bindings; nothing is told by the look of a value.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{azure::{Bindings, Declaration, Mode, decode}, event::Kind};
///
/// let bindings = Bindings::read(br#"[{"type": "httpTrigger", "name": "req"}]"#).unwrap();
/// let function = Declaration::new("Greet", Kind::Http, bindings);
/// let (request, _) = http::Request::post("/Greet").body(()).unwrap().into_parts();
/// let body = Bytes::from(r#"{"Data":{"req":{"Url":"https://h/api/greet/ann?x=1","Method":"GET"}},"Metadata":{}}"#);
///
/// let events = decode(&request, &body, &function, Mode::Json, "api").unwrap();
/// assert_eq!(events[0].http().unwrap().path_and_query(), "/greet/ann?x=1");
/// ```
///
/// # Errors
/// A delivery that has not the declared form; the error names the place.
pub fn decode(
    request: &::http::request::Parts,
    body: &Bytes,
    function: &Declaration,
    mode: Mode,
    route_prefix: &str,
) -> Result<Vec<Event>, DecodeError> {
    // The one place where a trigger's type leads to its decoder.
    match (function.bindings().trigger_type(), mode) {
        (TriggerType::Http, Mode::Json) => http::decode(request, body, function, route_prefix).map(|event| vec![event]),
        (TriggerType::Http, Mode::Forward | Mode::Proxy) => {
            raw::declared(request, body, function, route_prefix).map(|event| vec![event])
        }
        (other, Mode::Forward | Mode::Proxy) => Err(DecodeError::at(other.as_str(), "comes in JSON mode only")),
        (other, Mode::Json) => Err(DecodeError::at(other.as_str(), "this build decodes httpTrigger only")),
    }
}
